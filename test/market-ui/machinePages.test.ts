import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { browserTest, hasChromium, openPage } from './chromium.ts'
import { inspectPage } from './inspectPage.ts'
import { attack, type Strangers, shortAttack, startStrangers } from './startStrangers.ts'
import { installWallet } from './testWallet.ts'

let { scene, server, browser, addedTx, daemon } = {} as Strangers
let stop: Strangers['stop'] | undefined

beforeAll(async () => {
  if (!hasChromium) return
  ;({ scene, server, browser, addedTx, daemon, stop } = await startStrangers())
}, 120_000)

afterAll(() => stop?.())

const hits = (page: Page) =>
  page.evaluate(() => ({
    hit: 'hit' in window,
    made: document.querySelectorAll('main script, main img[src="x"], main svg[onload]').length,
    links: [...document.querySelectorAll('a')]
      .map((link) => new URL(link.href).protocol)
      .filter((kind) => kind !== 'http:'),
  }))

describe('what is known of a machine', () => {
  browserTest(
    'default: the list has hardware, price, record, uptime, proof and region in a row',
    async () => {
      await using opened = await openPage(browser, server.url, { viewport: { width: 1280, height: 900 } })
      const { page } = opened
      const row = page.locator('tr', { hasText: '#1' }).first()
      await row.waitFor()
      const text = ((await row.textContent()) ?? '').replaceAll('\u00a0', ' ')
      for (const said of [
        '2 x H200, 139 GiB',
        'driver 580.65.06 · CUDA 13.0',
        'Oslo, Norway · 4,000 GiB disk',
        '3.6 DEV / hour',
        '1.8 DEV / GPU',
        'no credits',
        '100.0 % of 1',
        'at least',
        'in 7 d',
        '2 h',
        'bitwise',
        /last \d+ (s|min|h) ago/,
      ])
        expect(text).toMatch(said)
      expect(await page.locator('main dl').first().textContent()).toContain('H200, an hour')
    },
  )

  browserTest('default: its page keeps apart what audits checked and what the seller says', async () => {
    await using opened = await openPage(browser, `${server.url}/machines/1`)
    const { page } = opened
    for (const slow of ['samples/s', 'never measured', 'Completed'])
      await page.getByText(slow).first().waitFor()
    const text = ((await page.textContent('main')) ?? '').replaceAll('\u00a0', ' ')
    for (const said of [
      'Oslo, Norway, as declared: nothing checks it',
      '2 x NVIDIA H200, 139 GiB each, driver 580.65.06, CUDA 13.0',
      'Matrix speednever measured',
      'Nobody checked it: this is a claim.',
      '52,110 samples/s',
      '47,300 to 53,020',
      'bitwise: 3 auditors of its class',
      'of 1 proved order',
      'questions answered',
      'Last sign of life on the chainnever',
    ])
      expect(text).toContain(said)
    expect(text).toMatch(/#1 digits.*Completed.*40.*1[0-2].*steps\/s/)
    expect(text).toMatch(/Fees burned behind this record0\.\d+ DEV/)
    expect(await page.locator('[aria-label="Uptime day by day"] li').count()).toBe(30)
    expect(opened.complaints).toEqual([])
    await inspectPage(page, 'machine', true)
  })

  browserTest('behavior: by keyboard from the filters to a rank, its reasons, and the machine', async () => {
    await using opened = await openPage(browser, server.url)
    const { page } = opened
    await page.getByRole('link', { name: '#2', exact: true }).waitFor()
    await page.getByText('Filter and sort').focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Region').focus()
    await page.keyboard.type('oslo')
    await page.getByRole('button', { name: 'Remove filter: Region oslo' }).waitFor()
    expect(new URL(page.url()).searchParams.get('region')).toBe('oslo')
    expect(await page.getByRole('link', { name: '#2', exact: true }).count()).toBe(0)
    await inspectPage(page, 'market of one machine', true)
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.getByRole('button', { name: /^Rank \d: why\?/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('Nobody can pay for a rank.').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/machines/1')
  })
})

describe('text that strangers write', () => {
  browserTest(
    'error: is shown as text on every page, and never becomes markup, a script or a link',
    async () => {
      const short = encodeURIComponent(shortAttack)
      const pages = [
        ['/', 'onerror'],
        ['/machines/2', '52,110 <img src=x>'],
        ['/machines/3', 'onerror'],
        ['/orders/2', 'onerror'],
        ['/orders/2?tab=logs', 'onerror'],
        ['/orders/2?tab=results', 'Checkpoints'],
        ['/audit', 'Proof feed'],
        [`/tx/${addedTx}`, 'machines.MachineAdded'],
        ['/order/new?machine=3', 'Continue to Machine'],
        [`/?gpu=${encodeURIComponent(attack)}&q=${encodeURIComponent(attack)}`, 'match'],
        [`/?region=${short}&driver=${short}&state=any`, 'Filter and sort'],
      ] as const
      for (const [path, ready] of pages) {
        await using opened = await openPage(browser, server.url + path)
        await opened.page.waitForSelector(`text=${ready}`)
        expect([path, await hits(opened.page)]).toEqual([path, { hit: false, made: 0, links: [] }])
        expect([path, opened.complaints]).toEqual([path, []])
      }
    },
  )

  browserTest(
    "error: a log's escape sequences and direction marks are taken out, its text stays",
    async () => {
      await using opened = await openPage(browser, `${server.url}/orders/2?tab=logs`)
      const log = opened.page.getByLabel('Log of the job')
      await log.getByText('hidden').waitFor()
      const text = (await log.textContent()) ?? ''
      expect(text).toContain(`${attack}redlink`)
      expect(text).toContain('hidden txt.exe')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
      expect(text).not.toMatch(/[\u0000-\u0008\u001b\u202e]/)
    },
  )

  browserTest(
    "error: a wallet's name, icon and error text are text too, and none may call itself the devnet key",
    async () => {
      const context = await browser.newContext()
      await installWallet(context, { rpcUrl: scene.net.rpcUrl, account: scene.buyer.address, name: attack })
      await context.addInitScript((said) => {
        const say = (rdns: string, icon: string) =>
          dispatchEvent(
            new CustomEvent('eip6963:announceProvider', {
              detail: {
                info: { uuid: rdns, name: `Evil ${said}`, icon, rdns },
                provider: {
                  request: async () => Promise.reject(Object.assign(new Error(said), { code: -32603 })),
                },
              },
            }),
          )
        addEventListener('eip6963:requestProvider', () => {
          say('trainyard.devkey', 'data:image/png;base64,')
          say('evil.example', 'javascript:window.hit=1')
        })
      }, attack)
      const page = await context.newPage()
      await page.goto(server.url)
      await page.getByRole('button', { name: 'Connect wallet' }).click()
      await page.getByRole('button', { name: 'Devnet key' }).waitFor()
      expect(await page.getByRole('button', { name: 'Evil' }).count()).toBe(1)
      expect(
        await page
          .locator('dialog img')
          .evaluateAll((all) => all.map((one) => one.getAttribute('src')?.slice(0, 11))),
      ).toEqual(['data:image/', 'data:image/'])
      await page.getByRole('button', { name: 'Evil' }).click()
      await page.getByRole('alert').filter({ hasText: 'onerror' }).waitFor()
      expect((await hits(page)).hit).toBe(false)
      await context.close()
    },
  )
})

describe('a machine that stops answering', () => {
  browserTest('behavior: a machine that stops answering is seen to be down', async () => {
    await using opened = await openPage(browser, `${server.url}/machines/1`)
    const { page } = opened
    await page.getByText(/ago: it answered/).waitFor()
    daemon.answer((_request, response) => void response.writeHead(503).end())
    await page.getByText(/ago: no answer; the last one/).waitFor()
  })
})
