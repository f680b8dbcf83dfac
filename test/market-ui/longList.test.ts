import { rm } from 'node:fs/promises'
import { buildWeb } from '@trainyard/market-ui/buildWeb.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { browserTest, hasChromium, launchChromium, openPage } from './chromium.ts'
import { expectNoViolations } from './expectNoViolations.ts'
import { writeManyMachines } from './manyMachines.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'

const COUNT = 10_000
const OFFERED = COUNT - Math.floor(COUNT / 11)

let dataDir: string
let server: TestServer
let browser: Browser

beforeAll(async () => {
  if (!hasChromium) return
  const [webDir, launched] = await Promise.all([buildWeb(), launchChromium()])
  browser = launched
  dataDir = await writeManyMachines(COUNT)
  server = await startTestServer({ dataDir, webDir })
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await server?.close()
  if (dataDir) await rm(dataDir, { recursive: true, force: true })
})

const drawn = (page: Page) => page.locator('tr[aria-rowindex]').count()

describe('a market of 10,000 machines', () => {
  browserTest('default: only rows near the screen are drawn, each with its place in the whole', async () => {
    await using opened = await openPage(browser, server.url)
    const { page } = opened
    await page.waitForSelector('tr[aria-rowindex="2"]')
    expect(await page.locator('table[aria-rowcount]').getAttribute('aria-rowcount')).toBe(String(OFFERED + 1))
    expect(await drawn(page)).toBeLessThan(60)
    await expectNoViolations(page, 'long list')
    await page.locator('h2', { hasText: 'Orders' }).scrollIntoViewIfNeeded()
    await page.waitForSelector(`tr[aria-rowindex="${OFFERED + 1}"]`)
    expect(await drawn(page)).toBeLessThan(60)
  })

  browserTest('behavior: rows that fly past are brief, and whole once the scroll is over', async () => {
    await using opened = await openPage(browser, server.url)
    const { page } = opened
    await page.waitForSelector('tr[aria-rowindex="2"]')
    const brief = await page.evaluate(async () => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
      for (let jump = 0; jump < 5; jump += 1) {
        scrollBy(0, 4_000)
        await frame()
      }
      await frame()
      return [...document.querySelectorAll('tbody tr[aria-rowindex]')].some(
        (row) => row.children.length === 3,
      )
    })
    expect(brief).toBe(true)
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.machines tbody tr')].every((row) => row.children.length === 9),
    )
    await expectNoViolations(page, 'after a fast scroll')
  })

  browserTest('behavior: rows are where the scrollbar says, wide and narrow', async () => {
    for (const width of [1280, 360]) {
      await using opened = await openPage(browser, server.url, { viewport: { width, height: 800 } })
      const { page } = opened
      await page.waitForSelector('tr[aria-rowindex="2"]')
      const row = page.locator('tr[aria-rowindex="2"]')
      const heightPx = (await row.boundingBox())!.height
      const top = await row.evaluate((element) => element.getBoundingClientRect().top + scrollY)
      await page.evaluate((at) => scrollTo(0, at), top + 5_000 * heightPx)
      await page.waitForSelector('tr[aria-rowindex="5002"]')
      const box = (await page.locator('tr[aria-rowindex="5002"]').boundingBox())!
      expect([width, Math.abs(box.y) < 2, box.height]).toEqual([width, true, heightPx])
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    }
  })

  browserTest(
    'default: filters are chips in the address; a list without matches names what to loosen',
    async () => {
      await using opened = await openPage(browser, `${server.url}/?price=10&minutes=60&sort=price`)
      const { page } = opened
      await page.waitForSelector('tr[aria-rowindex="2"]')
      const chips = page.getByRole('list', { name: 'Filters in force' }).getByRole('button')
      expect(await chips.allTextContents()).toEqual([
        'Offered',
        'At most 10 DEV an hour',
        'For 1\u00a0h or longer',
      ])
      const status = page.getByRole('status').filter({ hasText: 'match' })
      const matches = async () =>
        Number(/^([\d,]+) of/.exec((await status.textContent()) ?? '')?.[1]?.replace(',', ''))
      const all = await matches()
      await page.getByText('Filter and sort').click()
      await page.getByLabel('GPU model').fill('B300')
      await page.getByText('0 of 10,000 machines match').first().waitFor()
      expect(new URL(page.url()).searchParams.get('gpu')).toBe('B300')
      await expectNoViolations(page, 'no match')
      await page.getByRole('button', { name: `GPU B300: without it +${all.toLocaleString('en')}` }).click()
      expect(await matches()).toBe(all)
      await page.getByRole('button', { name: 'Remove filter: Offered' }).click()
      expect(new URL(page.url()).searchParams.get('state')).toBe('any')
      await page.getByRole('button', { name: 'Remove filter: For 1\u00a0h or longer' }).click()
      expect(await matches()).toBeGreaterThan(all)
      await page.reload() // the address is all there is to it
      await page.waitForSelector('tr[aria-rowindex="2"]')
      expect(await chips.allTextContents()).toEqual(['At most 10 DEV an hour'])
    },
  )

  browserTest('default: a rank explains itself, with the numbers it is made of', async () => {
    await using opened = await openPage(browser, server.url)
    const { page } = opened
    await page.getByRole('button', { name: 'Rank 1: why?' }).click()
    const numbers = await page.locator('dialog dd').allTextContents()
    const [reliability, uptime, cheapness, worth] = numbers.map(Number.parseFloat) as [
      number,
      number,
      number,
      number,
    ]
    expect(((reliability / 100) * (uptime / 100) * cheapness) / worth).toBeCloseTo(1, 1)
    const said = await page.locator('dialog').textContent()
    expect(said).toMatch(
      /\d+ of \d+ orders done.*questions answered.*median price a GPU of [\d,]+ offered machines with NVIDIA/,
    )
    await expectNoViolations(page, 'rank dialog')
    await page.keyboard.press('Escape')
    expect(await page.locator('dialog').count()).toBe(0)
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Rank 1: why?')
  })
})
