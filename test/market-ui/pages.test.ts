import { cancelOrder } from '@trainyard/contracts/cancelOrder.ts'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { browserTest, hasChromium, openPage } from './chromium.ts'
import { expectNoViolations } from './expectNoViolations.ts'
import { getOrder } from './getJson.ts'
import { inspectPage } from './inspectPage.ts'
import { focused, tabTo } from './keyboard.ts'
import { recordNotifications, toldIn } from './recordNotifications.ts'
import { completed, failed, type Pages, startPages, training } from './startPages.ts'
import { lossAt, sayRun } from './startScriptedDaemon.ts'
import { startTestServer } from './startTestServer.ts'
import { installWallet } from './testWallet.ts'
import { inDark, orderPage, type Visit, visits } from './visits.ts'
import { waitFor } from './waitFor.ts'

let pages: Pages
beforeAll(async () => {
  if (hasChromium) pages = await startPages()
}, 120_000)
afterAll(() => pages?.stop())

const visit = async ({ url, ready }: Visit, options: Parameters<typeof openPage>[2]) => {
  const opened = await openPage(pages.browser, url(pages), options)
  await opened.page.waitForSelector(ready)
  return opened
}

const inspect = async (place: Visit): Promise<void> => {
  await using opened = await visit(place, { colorScheme: 'light' })
  const mayBeAbsent = /^(?:unknown (?:order|machine)|further)/.test(place.name)
  if (!mayBeAbsent) expect([place.name, opened.complaints]).toEqual([place.name, []])
  await inspectPage(opened.page, place.name, inDark.has(place.name))
}

describe('pages', () => {
  for (const place of visits)
    browserTest(
      `behavior: ${place.name}: axe finds nothing, nothing scrolls sideways at 320 px, forced colours leave edges, no complaint`,
      () => inspect(place),
    )

  browserTest('default: the form of a job in an image is a form like the others', async () => {
    await using opened = await openPage(pages.browser, `${pages.server.url}/order/new`)
    const { page } = opened
    await page.getByLabel('Program').selectOption('image')
    await page.getByLabel('Image', { exact: true }).fill('python:3')
    await page.getByText('must be sha256: and 64 lower-case hex digits').waitFor()
    await inspectPage(page, 'image job', true)
    await page.reload() // the draft is kept
    expect(await page.getByLabel('Image', { exact: true }).inputValue()).toBe('python:3')
  })

  browserTest(
    'default: an order page says what is proved, what is not, how good the model is, and where the money went',
    async () => {
      await using opened = await openPage(pages.browser, orderPage(pages, completed, 'proofs'))
      const { page } = opened
      await page.waitForSelector('text=Drawn segments')
      const proofs = await page.textContent('main')
      expect(proofs).toMatch(/\d+ of 40 segments were re-run by 3 auditors, each segment by one/)
      // Who has what: a third of them two auditors, and each auditor its own.
      const { drawn, panel } = (await getOrder(pages.server.url, completed)).audit
      const twice = drawn.filter(({ auditors }) => auditors.length === 2)
      expect([drawn.length, twice.length]).toEqual([12, 4])
      for (const { auditor, segments } of panel)
        expect(segments).toEqual(drawn.filter((d) => d.auditors.includes(auditor)).map((d) => d.segment))
      expect(proofs).toContain([...panel[0]!.segments].sort((a, b) => a - b).join(', '))
      expect(proofs).toMatch(/The other \d+ segments were not re-run\. Had the seller faked 12 segments/)
      expect(await page.getAttribute('[role=img][aria-label*="40 segments"]', 'aria-label')).toMatch(
        /\d+ passed/,
      )
      await page.getByRole('tab', { name: 'Checkpoints and results' }).click()
      await page.getByText('96.3\u00a0%').waitFor()
      await page.getByRole('tab', { name: 'Payments' }).click()
      await page.waitForSelector('text=Escrow held')
      const payments = await page.textContent('main')
      for (const said of [
        'Was held3.72 DEV',
        'Escrow held',
        'Paid to seller',
        'Protocol fee burned',
        'Paid to auditors',
        'Refunded to payer',
      ])
        expect(payments).toContain(said)
      await page.goBack()
      await page.getByText('96.3\u00a0%').waitFor()
      await page.getByRole('tab', { name: 'Overview' }).click()
      await page.waitForSelector('text=What happened')
      expect(await page.evaluate(() => location.search)).toBe('')
    },
  )

  browserTest(
    'behavior: the order of a convicted seller says so at the model, by whom, and where the stake went',
    async () => {
      await using opened = await openPage(pages.browser, orderPage(pages, failed, 'results'))
      const { page } = opened
      await page.waitForSelector('text=Do not use this model.')
      await page.getByRole('tab', { name: 'Proofs' }).click()
      await page.waitForSelector('text=Fraud found')
      expect(await page.textContent('main')).toMatch(
        /Segment 6 was challenged, and 2 of 2 jurors drawn by lot found that/,
      )
      expect(await page.getByRole('link', { name: 'Dispute #1' }).getAttribute('href')).toBe('/disputes/1')
      await page.getByRole('tab', { name: 'Payments' }).click()
      await page.waitForSelector('text=Escrow held')
      const text = await page.textContent('main')
      for (const kind of [
        'Slashed from seller',
        'Of that, to payer',
        'Paid to those who proved it',
        'Of that, to those who proved it',
        'Of that, burned',
      ])
        expect(text).toContain(kind)
      expect(text).toMatch(/Was held([\d.]+ DEV)escrow and audit fee.*Came back\1to the payer, the used/)
      expect(text).toContain('named in the transaction')
    },
  )

  browserTest('default: from a payment to its transaction, decoded, with all that it did', async () => {
    await using opened = await openPage(pages.browser, orderPage(pages, completed, 'payments'))
    const { page } = opened
    await page.getByRole('link', { name: /^The transaction: escrow held/ }).click()
    await page.waitForURL('**/tx/0x*')
    await page.getByText('market.OrderPlaced').waitFor()
    const text = (await page.textContent('main')) ?? ''
    expect(text).toMatch(/A call of placeOrder in the market's contract “market”, in block \d/)
    for (const said of ['Succeeded', 'terms: steps per segment', 'Order placed', 'Bitwise', 'escrow3.6 DEV'])
      expect(text).toContain(said)
    expect(await page.getByRole('link', { name: '#2', exact: true }).getAttribute('href')).toBe('/orders/2')
  })

  browserTest(
    'error: a transaction that the chain undid says why, in the words of the contract',
    async () => {
      await using opened = await openPage(pages.browser, `${pages.server.url}/tx/${pages.undoneTx}`)
      const alert = opened.page.getByRole('alert').filter({ hasText: 'The chain undid it' })
      await alert.waitFor()
      expect(await alert.textContent()).toMatch(
        /The chain refused with Market\w+.*No money moved but the gas\./,
      )
    },
  )

  browserTest('behavior: a chain that was reset since the last visit is said, with what to do', async () => {
    await using opened = await visit(visits[0]!, {})
    await opened.page.evaluate(() =>
      localStorage.setItem(
        'trainyard.genesis',
        JSON.stringify({ chainId: 31337, hash: `0x${'00'.repeat(32)}` }),
      ),
    )
    await opened.page.reload()
    const banner = opened.page.getByRole('alert').filter({ hasText: 'The chain was reset.' })
    await banner.waitFor()
    await expectNoViolations(opened.page, 'reset')
    await banner.getByRole('button', { name: 'Dismiss' }).click()
    await opened.page.reload()
    await opened.page.waitForSelector('text=#3 digits')
    expect(await banner.count()).toBe(0)
  })

  browserTest('default: the theme is chosen in the settings and stays', async () => {
    await using opened = await openPage(pages.browser, `${pages.server.url}/settings`, {
      colorScheme: 'light',
    })
    const shown = () => opened.page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    await opened.page.getByLabel('Colours').selectOption('dark')
    expect(await shown()).toBe('rgb(14, 17, 22)')
    await opened.page.reload()
    await opened.page.waitForSelector('text=Contract market')
    expect(await shown()).toBe('rgb(14, 17, 22)')
  })

  browserTest('behavior: who asked for less motion sees none, also while something loads', async () => {
    for (const [reducedMotion, isMoving] of [
      ['no-preference', true],
      ['reduce', false],
    ] as const) {
      await using opened = await openPage(pages.browser, 'about:blank', { reducedMotion })
      const { page } = opened
      await page.route('**/api/machines', () => undefined) // it never comes
      await page.goto(pages.server.url)
      await page.locator('.skeleton').first().waitFor()
      expect(await page.evaluate(() => document.getAnimations().length > 0)).toBe(isMoving)
    }
  })

  browserTest('behavior: an empty market says what to run', async () => {
    await using opened = await visit(visits[1]!, {})
    expect(await opened.page.textContent('main')).toContain('npm start')
    expect(await opened.page.locator('button[aria-label="Copy the command"]').count()).toBe(2)
  })
})

describe('pages load', () => {
  browserTest('behavior: a page names its own script and first data at once, which are there', async () => {
    const answer = await fetch(orderPage(pages, training), { headers: { accept: 'text/html' } })
    const hints = answer.headers.get('link') ?? ''
    const hint = /<(\/assets\/OrderPage-[^>]+)>; rel=modulepreload/.exec(hints)?.[1]
    expect((await fetch(pages.server.url + hint)).status).toBe(200)
    for (const path of ['/orders/3', '/machines/1', '/disputes/1', '/order/new']) {
      await using opened = await openPage(pages.browser, pages.server.url + path)
      const { page } = opened
      await page.locator('main h2').first().waitFor()
      const early = await page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .filter((entry) => (entry as PerformanceResourceTiming).initiatorType === 'link')
          .map(({ name }) => new URL(name).pathname)
          .filter((name) => name.startsWith('/api/')),
      )
      expect([path, early.length > 0, opened.complaints]).toEqual([path, true, []])
    }
    expect(
      (await fetch(pages.server.url, { headers: { accept: 'text/html' } })).headers.get('link'),
    ).toBeNull()
  })

  browserTest('behavior: no page needs more than 200 kB of script before it is seen', async () => {
    for (const path of ['/', '/orders/3', '/order/new', '/audit', '/sell']) {
      await using opened = await openPage(pages.browser, pages.server.url + path)
      await opened.page.waitForLoadState('networkidle').catch(() => undefined)
      const bytes = await opened.page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .filter(({ name }) => name.endsWith('.js'))
          .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0),
      )
      expect([path, bytes > 50_000 && bytes < 200_000]).toEqual([path, true])
    }
  })
})

describe('pages by keyboard', () => {
  browserTest('default: skip link, order, table and log are reached and work without a mouse', async () => {
    await using opened = await visit(visits[0]!, {})
    const { page } = opened
    expect(await tabTo(page, 'Skip to content')).toHaveLength(1)
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)
    expect(outline).toBe('solid')
    await page.keyboard.press('Enter')
    await tabTo(page, '#3 digits')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/orders/3')
    await page.waitForSelector('text=Chart and table')
    expect(await focused(page)).toContain('Order #3')
    await tabTo(page, 'Chart and table')
    await page.keyboard.press('Enter')
    await page.waitForSelector('canvas')
    await tabTo(page, 'Show as table')
    await page.keyboard.press('Space')
    await page.waitForSelector('section[aria-label="Loss by step"]')
    await page.goBack()
    await page.getByRole('tab', { name: 'Overview', selected: true }).waitFor()
    await page.locator('[role=tab][aria-selected=true]').focus()
    for (const [key, chosen] of [
      ['ArrowRight', 'Metrics'],
      ['End', 'Payments'],
      ['ArrowRight', 'Overview'],
      ['ArrowLeft', 'Payments'],
      ['Home', 'Overview'],
      ['ArrowRight', 'Metrics'],
      ['ArrowRight', 'Logs'],
    ] as const) {
      await page.keyboard.press(key)
      await page.getByRole('tab', { name: chosen, selected: true }).waitFor()
      expect(await focused(page)).toBe(chosen)
    }
    await page.waitForURL('**/orders/3?tab=logs')
    await page.waitForSelector('section[aria-label="Log of the job"]')
    await tabTo(page, 'Log of the job')
    await tabTo(page, 'Following: pause')
    await page.keyboard.press('Enter')
    await page.waitForSelector('text=Paused: follow')
    await page.reload() // the tab is in the address
    await page.waitForSelector('section[aria-label="Log of the job"]')
  })
})

describe('pages live', () => {
  browserTest('default: a new loss point and log line appear by themselves', async () => {
    await using opened = await visit(visits[2]!, {})
    const { page } = opened
    const chart = page.locator('[role=img][aria-label^="Loss went"]')
    expect(await chart.getAttribute('aria-label')).toContain('at step 500')
    sayRun(pages.daemon, 501, 544)
    await page.waitForSelector('[role=img][aria-label*="at step 544"]')
    const figures = await page.textContent('dl')
    for (const said of ['544', '87.3', '612\u00a0W', '1.5\u00a0kWh', '2 GPUs, 61\u00a0GiB in use'])
      expect(figures).toContain(said)
    await page.getByRole('tab', { name: 'Metrics' }).click()
    await page.waitForSelector('[role=img][aria-label*="at step 544"]')
    pages.daemon.say('usage', {
      gpus: 2,
      watts: 588,
      energyJ: 5_500_000,
      utilisation: 0.8,
      memoryUsedMiB: 62_464,
    })
    await page.waitForSelector(
      '[role=img][aria-label="Power since you opened this page: 588 to 612\u00a0W."]',
    )
    await page.getByRole('tab', { name: 'Logs' }).click()
    await page.waitForSelector(`text=step 544 loss ${lossAt(544).toFixed(4)}`)
    pages.daemon.say('log', { line: 'a warning of the job', stream: 'stderr', at: 545 })
    await page.getByLabel('Lines').selectOption('err')
    await page.waitForSelector('text=a warning of the job')
    expect(await page.getByLabel('Log of the job').textContent()).not.toContain('step 544')
  })

  browserTest('behavior: windows and states on the chain appear by themselves', async () => {
    await using opened = await openPage(pages.browser, orderPage(pages, training, 'proofs'))
    await opened.page.waitForSelector('text=3 of 8 committed')
    await pages.scene.commit(training, [3])
    await opened.page.waitForSelector('text=4 of 8 committed')
  })

  browserTest(
    'error: a list that cannot be read says what failed, that no money moved, and tries again',
    async () => {
      await using opened = await openPage(pages.browser, `${pages.server.url}/nowhere`)
      const { page } = opened
      await page.route('**/api/machines', (route) => route.abort())
      await page.click('text=Back to the market')
      const alert = page.locator('[role=alert]', { hasText: 'does not answer' })
      await alert.waitFor()
      expect(await alert.textContent()).toContain('No money moved.')
      await page.unroute('**/api/machines')
      await alert.getByRole('button', { name: 'Try again' }).click()
      await page.waitForSelector('tr[aria-rowindex="2"]')
    },
  )

  browserTest(
    'error: when the server stops the page keeps what it had and says since when; then it comes back',
    async () => {
      const options = {
        ...{ rpc: pages.scene.net.rpcUrl, deployment: pages.scene.deploymentPath, webDir: pages.webDir },
        allowPrivateEndpoints: true,
      }
      const first = await startTestServer(options)
      await waitFor(
        () => getOrder(first.url, training),
        ({ status }) => status === 'Training',
      )
      await using opened = await openPage(pages.browser, first.url)
      const { page } = opened
      await page.waitForSelector('text=Completed')
      await using watched = await openPage(pages.browser, `${first.url}/orders/${training}?tab=logs`)
      const log = watched.page.getByLabel('Log of the job')
      await log.getByText('step 480 loss').waitFor()
      await first.close()
      const banner = page.locator('[role=alert]', { hasText: 'The market server does not answer.' })
      await banner.waitFor()
      expect(await page.textContent('main')).toContain('Completed')
      await expectNoViolations(page, 'server gone')
      await watched.page.getByText('Reconnecting', { exact: true }).waitFor()
      pages.daemon.say('log', { line: 'said while nobody listened', stream: 'stdout', at: 1 })
      const second = await startTestServer({ ...options, listen: new URL(first.url).host })
      await banner.waitFor({ state: 'detached' })
      await log.getByText('said while nobody listened').waitFor()
      expect(await log.getByText('step 480 loss').count()).toBe(1)
      await second.close()
    },
  )

  browserTest(
    'default: the inbox counts what is new, and the browser tells what happens while the page is not seen',
    async () => {
      const context = await pages.browser.newContext({ reducedMotion: 'reduce' })
      await installWallet(context, { rpcUrl: pages.scene.net.rpcUrl, account: pages.scene.buyer.address })
      await context.addInitScript(recordNotifications)
      const page = await context.newPage()
      page.setDefaultTimeout(15_000)
      await page.goto(`${pages.server.url}/settings`)
      await page.getByRole('button', { name: 'Connect wallet' }).click()
      await page.getByRole('button', { name: 'Test Wallet' }).click()
      await page.getByRole('heading', { name: 'Your wallet' }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Turn them on' }).click()
      await page.getByRole('button', { name: 'Turn them off' }).waitFor()
      const link = page.getByRole('link', { name: /^Inbox \d+ unread$/ })
      await link.click()
      await page.getByText('Order #2 is settled as Completed').waitFor()
      await page.getByText('Dispute #1 of order #1 is decided: against the seller.').waitFor()
      await link.waitFor({ state: 'detached' })
      await expectNoViolations(page, 'inbox')
      await page.evaluate(() => dispatchEvent(new Event('test:hide')))
      await cancelOrder(pages.scene.buyer, { orderId: training })
      await waitFor(
        () => toldIn(page),
        (told) => told.length > 0,
      )
      expect(await toldIn(page)).toEqual(['Order #3 ended: buyer cancelled'])
      await context.close()
    },
  )
})
