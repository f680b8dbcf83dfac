import { answer } from '@trainyard/contracts/answer.ts'
import { resolve } from '@trainyard/contracts/resolve.ts'
import { buildWeb } from '@trainyard/market-ui/buildWeb.ts'
import { narrow } from '@trainyard/verifier/dispute/narrow.ts'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { browserTest, hasChromium, launchChromium, openPage } from './chromium.ts'
import { expectNoViolations } from './expectNoViolations.ts'
import { getDispute } from './getJson.ts'
import { focused, tabTo } from './keyboard.ts'
import { putBlocks, sampleJob } from './sampleJob.ts'
import {
  auditedOrder,
  ballotsOf,
  challengeSceneSteps,
  challengeSegment,
  drawAnsweredJury,
  sealVotes,
  unhurried,
} from './sceneDispute.ts'
import { type Scene, startScene } from './startScene.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'
import { installWallet } from './testWallet.ts'
import { waitFor } from './waitFor.ts'

let scene: Scene
let server: TestServer
let browser: Browser
let orderId: bigint
/** One narrowed to a step, of whose jury one has voted; one that the seller has not answered. */
let voting: bigint
let answering: bigint
let jury: readonly string[]
let found: string

beforeAll(async () => {
  if (!hasChromium) return
  let webDir: string
  ;[webDir, browser] = await Promise.all([buildWeb(), launchChromium()])
  scene = await startScene('http://127.0.0.1:9', unhurried)
  const { rpcUrl: rpc } = scene.net
  server = await startTestServer({ rpc, deployment: scene.deploymentPath, webDir })
  await putBlocks(server.url, [sampleJob.bytes])
  orderId = await auditedOrder(scene)
  const steps = await challengeSceneSteps(scene, orderId, 3, 11)
  voting = steps.disputeId
  await answer(scene.seller, { disputeId: voting, narrowing: narrow(steps.sellerRoots, steps.roots) })
  jury = await drawAnsweredJury(scene, voting)
  found = steps.roots[10]!
  await sealVotes(scene, { disputeId: voting, round: 0, found }, await votes())
  await vote(0)
  answering = await challengeSegment(scene, orderId, 20)
  await waitFor(
    () => getDispute(server.url, answering),
    ({ stage }) => stage === 'Answering',
    60_000,
  )
}, 240_000)

afterAll(async () => {
  await browser?.close()
  await server?.close()
  await scene?.stop()
})

const votes = () => ballotsOf(scene, jury, { disputeId: voting, round: 0, found })
const vote = async (seat: number): Promise<void> => {
  const ballots = (await votes()).slice(seat, seat + 1)
  await resolve(scene.buyer, { disputeId: voting, ballots })
}

const disputePage = (disputeId: bigint) => `${server.url}/disputes/${disputeId}`
const visits = () =>
  [
    ['dispute being voted on', disputePage(voting), 'as challenger'],
    ['dispute not answered', disputePage(answering), 'The seller has not answered.'],
    ['disputed order', `${server.url}/orders/${orderId}?tab=proofs`, 'Disputed'],
    ['audit', `${server.url}/audit`, 'Open disputes'],
  ] as const

const visit = async (
  [, url, ready]: ReturnType<typeof visits>[number],
  options: Parameters<typeof openPage>[2],
) => {
  const opened = await openPage(browser, url, options)
  await opened.page.locator('main').getByText(ready).first().waitFor()
  await opened.page.getByText('Dispute #').first().waitFor()
  return opened
}

/** A browser whose wallet has the account, connected, on a page. */
const openWithWallet = async (account: string, url: string) => {
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  await installWallet(context, { rpcUrl: scene.net.rpcUrl, account })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(url)
  await page.getByRole('button', { name: 'Connect wallet' }).click()
  await page.getByRole('button', { name: 'Test Wallet' }).click()
  await page.getByRole('heading', { name: 'Your wallet' }).waitFor()
  await page.keyboard.press('Escape')
  return { page, context }
}

const exactly = (text: string) => new RegExp(`^${text}$`)

describe('dispute pages', () => {
  browserTest(
    'default: says what is disputed, by whom, who judges, what each found and what next',
    async () => {
      await using opened = await visit(visits()[0], {})
      const { page } = opened
      const text = (await page.textContent('main')) ?? ''
      expect(text).toContain(
        'Both sides agree on the state before step 107, which is in segment 3, and differ on the state after it.',
      )
      expect(text).toMatch(
        /2 jurors drawn by lot replay it and may vote until \d.*1 vote on the chain so far\./,
      )
      for (const said of [
        'The seller answered with the step on which it differs',
        'round 1 of 2',
        'Bond held',
        "Of the challenger's bond of 2 DEV, 1 go to the jurors who found so, 0.5 to the seller, and 0.5 are burned.",
        'If two juries do not agree',
      ])
        expect(text).toContain(said)
      const jurors = page.getByRole('table', { name: 'Jurors and what each found' }).getByRole('row')
      expect(await jurors.allTextContents()).toEqual([
        expect.stringContaining('Juror'),
        expect.stringContaining('as challenger'),
        expect.stringContaining('sealed'),
      ])
      const entries = page
        .getByRole('table', { name: /What happened in this dispute/ })
        .getByRole('rowheader')
      expect(await entries.allTextContents()).toEqual([
        'Challenged',
        'Challenge answered',
        'Jury drawn',
        'Juror sealed its vote',
        'Juror sealed its vote',
        'Juror voted',
      ])
      expect(await page.getByRole('link', { name: '#1', exact: true }).count()).toBe(2) // order and machine
    },
  )

  for (const colorScheme of ['light', 'dark'] as const)
    browserTest(`behavior: axe finds nothing in ${colorScheme}`, async () => {
      const all = visits()
      for (const place of colorScheme === 'light' ? all : [all[0], all[2]]) {
        await using opened = await visit(place, { colorScheme })
        // Nothing but colours depends on the scheme.
        await expectNoViolations(opened.page, place[0], colorScheme === 'light' ? 'all' : 'colours')
        expect([place[0], opened.complaints]).toEqual([place[0], []])
      }
    })

  browserTest('behavior: at 320 px nothing scrolls sideways', async () => {
    for (const place of visits()) {
      await using opened = await visit(place, { viewport: { width: 320, height: 740 } })
      const width = await opened.page.evaluate(() => document.documentElement.scrollWidth)
      expect([place[0], width]).toEqual([place[0], 320])
    }
  })

  browserTest('error: a dispute the chain does not have is said to be unknown', async () => {
    await using opened = await openPage(browser, disputePage(99n))
    await opened.page.getByText('The chain has no dispute 99, as far as it was followed.').waitFor()
  })

  browserTest('default: from the audit page to the dispute, its order and back, by keyboard', async () => {
    await using opened = await visit(visits()[3], {})
    const { page } = opened
    await tabTo(page, exactly(`Dispute #${voting}`))
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/disputes/${voting}`)
    await page.getByText('Claims').waitFor()
    expect(await focused(page)).toBe(`Dispute #${voting}`)
    await tabTo(page, exactly(`Order #${orderId}`))
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/orders/${orderId}?tab=proofs`)
    await page.getByText('2 disputes about it are open; nothing is paid until all are decided.').waitFor()
    await tabTo(page, exactly(`Dispute #${answering}`))
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/disputes/${answering}`)
    await page.getByText(/The seller may answer until/).waitFor()
  })

  browserTest(
    'default: an auditor without bond challenges in the browser: it is asked to bond, then the dispute is there',
    async () => {
      const { address: account } = await scene.net.account(6)
      const { page, context } = await openWithWallet(account, `${server.url}/orders/${orderId}`)
      await page.getByRole('button', { name: 'Challenge a segment…' }).click()
      await page.getByText('are missing: your wallet is asked to add them first').waitFor()
      await page.getByLabel('Segment', { exact: true }).fill('40')
      await page.getByText('a number from 0 to 39').waitFor()
      expect(await page.getByRole('button', { name: 'Challenge it under bond' }).isDisabled()).toBe(true)
      await page.getByLabel('Segment', { exact: true }).fill('25')
      await page.getByText('steps 801 to 832').waitFor()
      await expectNoViolations(page, 'challenge dialog')
      await page.getByRole('button', { name: 'Challenge it under bond' }).click()
      await page.waitForURL('**/disputes/3')
      await page.getByText('The challenger says that segment 25, steps 801 to 832,').waitFor()
      const { challenger, bondWei } = await getDispute(server.url, 3)
      expect([challenger, bondWei]).toEqual([account, String(2n * 10n ** 18n)])
      await context.close()
    },
  )

  browserTest(
    'default: a juror is told what its service does; the outcome appears by itself, with who was right and the money',
    async () => {
      await using opened = await visit(visits()[0], {})
      const { page } = opened
      const juror = await openWithWallet(jury[1]!, disputePage(voting))
      await juror.page.getByText('You are drawn as a juror.').waitFor()
      await expectNoViolations(juror.page, 'juror')
      await juror.context.close()
      await vote(1)
      await page.getByText('Seller convicted').waitFor()
      await page.getByText("The jury found that the challenger's state is right.").waitFor()
      const money = await page
        .getByRole('table', { name: /Movements of money/ })
        .getByRole('rowheader')
        .allTextContents()
      expect(money).toEqual([
        'Bond held',
        'Bond returned',
        'Audit fee, to those who proved it',
        'Slashed from seller',
        'Of that, to payer',
        'Of that, to those who proved it',
        'Of that, burned',
      ])
      await expectNoViolations(page, 'closed dispute')
      await page.setViewportSize({ width: 320, height: 740 })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
    },
  )

  browserTest('behavior: what is due anybody may do, here with the wallet of a stranger', async () => {
    const { address: account } = await scene.net.account(7)
    const { page, context } = await openWithWallet(account, disputePage(answering))
    await page.getByText('The bond is still held: anyone may have it returned.').waitFor()
    await page.getByRole('button', { name: 'Return the bond' }).click()
    await page.getByText('Done.', { exact: true }).waitFor()
    await page.getByText('The order was settled before this was decided, and the bond went back.').waitFor()
    expect((await getDispute(server.url, answering)).isBondHeld).toBe(false)
    await context.close()
  })
})
