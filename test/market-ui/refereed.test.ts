import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { buildWeb } from '@trainyard/market-ui/buildWeb.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { browserTest, hasChromium, launchChromium } from './chromium.ts'
import { expectNoViolations } from './expectNoViolations.ts'
import { getMachines, getOrder } from './getJson.ts'
import { tabTo } from './keyboard.ts'
import { connect, field, fillTinyJob, orderIdIn } from './orderForm.ts'
import { placeDiffering } from './placeDiffering.ts'
import { type LiveMarket, startLiveMarket } from './startLiveMarket.ts'
import { installWallet } from './testWallet.ts'
import { waitFor } from './waitFor.ts'

const LONG_MS = 120_000

let market: LiveMarket
let browser: Browser

beforeAll(async () => {
  if (!hasChromium) return
  const [webDir, launched] = await Promise.all([buildWeb(), launchChromium()])
  browser = launched
  const proofModes = ['bitwise', 'refereed']
  market = await startLiveMarket(webDir, { sellers: 2, proofModes, parameters: { confirmSeconds: 600 } })
}, 180_000)

afterAll(async () => {
  market?.daemons[1]?.child.kill('SIGCONT')
  await browser?.close()
  await market?.stop()
})

/** Looked at by whoever asks for it; axe looks at the colours of both themes. */
const lookAt = async (page: Page, name: string): Promise<void> => {
  const dir = process.env.TRAINYARD_SCREENSHOTS
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 900 })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      if (dir === undefined) continue
      await mkdir(dir, { recursive: true })
      await page.screenshot({ path: join(dir, `${name}-${colorScheme}-${width}.png`), fullPage: true })
    }
    await expectNoViolations(page, `${name}, ${colorScheme}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 900 })
}

browserTest(
  'default: two sellers are ordered from, what is sealed is shown as sealed, and in the end both agree',
  async () => {
    const context = await browser.newContext({ reducedMotion: 'reduce' })
    const { address } = await market.net.account(0)
    await installWallet(context, { rpcUrl: market.net.rpcUrl, account: address })
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    const { machines } = await waitFor(
      () => getMachines(market.server.url),
      (found) => found.machines.filter(({ proofModes }) => proofModes?.includes('Refereed')).length === 2,
      60_000,
    )
    await page.goto(`${market.server.url}/machines/${machines[0]!.machineId}`)
    await page.getByText('bitwise, refereed').waitFor()
    await page.goto(`${market.server.url}/order/new`)
    await connect(page)
    await fillTinyJob(page)
    await field(page, 'Proof mode').selectOption('refereed')
    await page.getByText('two that are one person could pass anything').waitFor()
    await page.getByRole('button', { name: 'Continue to Machine' }).click()
    const first = page.getByRole('group', { name: 'Machine', exact: true })
    const second = page.getByRole('group', { name: "The other seller's machine" })
    await second.getByText('Choose the first machine').waitFor()
    await first.getByRole('radio').first().check()
    expect(await second.getByRole('radio').count()).toBe(1) // a machine does not check itself
    await page.getByRole('button', { name: 'Continue to Review' }).click()
    await page.getByRole('alert').getByText('the second machine: choose a machine').waitFor()
    await second.getByRole('radio').check()
    await lookAt(page, 'machines')
    await page.getByRole('button', { name: 'Continue to Review' }).click()
    await page.getByText('That is for both sellers together').waitFor()
    await page.getByText('If every state of theirs is the same, that is the proof').waitFor()
    await lookAt(page, 'review')
    await page.getByRole('button', { name: 'Continue to Sign' }).click()
    await page.getByText('from two sellers, under offers').waitFor()

    // One of them is slow: what the other one has done stays sealed meanwhile.
    const slow = market.daemons[1]!.child
    slow.kill('SIGSTOP')
    await page.getByRole('button', { name: 'Sign and order' }).click()
    await page.waitForURL(/orders\/\d+$/)
    const orderId = orderIdIn(page)
    const ids = [orderId, orderId === 1 ? 2 : 1]
    const orders = () => Promise.all(ids.map((id) => getOrder(market.server.url, id)))
    const sealed = await waitFor(
      orders,
      // Before it is followed an order has nothing.
      (found) => found.some((order) => order.sealedWindows?.length === 5),
      LONG_MS,
    )
    const fast = sealed.find(({ sealedWindows }) => sealedWindows.length === 5)!
    expect(fast).toMatchObject({ windows: [], mode: 'Refereed', twin: { compared: 0, differsFrom: null } })
    await page.goto(`${market.server.url}/orders/${fast.orderId}`)
    await page.getByText('It is paid or audited once order').waitFor()
    await page
      .getByRole('link', { name: `order #${fast.twin!.orderId}` })
      .first()
      .waitFor()
    await page.getByRole('tab', { name: 'Proofs' }).click()
    await page.getByText('5 of 5 committed, 5 sealed').waitFor()
    await page.getByText('nothing can be compared yet').waitFor()
    await lookAt(page, 'sealed')

    slow.kill('SIGCONT')
    await page.getByText('Each had committed to its own before').waitFor({ timeout: LONG_MS })
    await page.getByText('5 of 5 committed', { exact: true }).waitFor()
    const done = await waitFor(orders, (found) => found.every(({ settledAt }) => settledAt > 0), LONG_MS)
    for (const order of done) {
      expect(order).toMatchObject({ status: 'Completed', sealedWindows: [] })
      expect(order.timeline.map(({ detail }) => detail)).toContain('window 4, opened')
      expect(order.audit).toMatchObject({ byAgreement: true, drawn: [] })
      expect(order.twin).toMatchObject({ compared: 5, differsFrom: null })
      expect(BigInt(order.refundedWei)).toBeGreaterThanOrEqual(BigInt(order.auditFeeWei))
    }
    await page.getByText('Completed').first().waitFor()
    await lookAt(page, 'agreed')
    await context.close()
  },
)

browserTest(
  'behavior: where two sellers differ the order says from which window on, to eyes, keyboard and screen readers',
  async () => {
    const [orderId, twin] = await placeDiffering(market.net, 4)
    const context = await browser.newContext({ reducedMotion: 'reduce' })
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    const order = await waitFor(
      () => getOrder(market.server.url, Number(orderId)),
      // Before it is followed an order has nothing.
      (found) => found.twin?.differsFrom === 1,
      LONG_MS,
    )
    expect(order.twin).toMatchObject({ orderId: String(twin), compared: 2, differsFrom: 1 })
    await page.goto(`${market.server.url}/orders/${orderId}`)
    await page.getByRole('tab', { name: 'Overview' }).focus()
    await tabTo(page, `order #${twin}`)
    await page.getByRole('tab', { name: 'Proofs' }).click()
    await page.getByText('Differs from window 1').waitFor()
    await page.getByText('they differ from window 1 on').waitFor()
    await lookAt(page, 'differs')
    await page.getByRole('tab', { name: 'Proofs' }).focus()
    await tabTo(page, `order #${twin}`)
    await page.keyboard.press('Enter')
    await page.waitForURL(new RegExp(`/orders/${twin}\\b`))
    await page.getByText('Differs from window 1').waitFor()
    await context.close()
  },
)
