import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bond } from '@trainyard/contracts/bond.ts'
import { challenge } from '@trainyard/contracts/challenge.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { drawJury } from '@trainyard/contracts/drawJury.ts'
import { findings } from '@trainyard/contracts/findings.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { hasSeat } from '@trainyard/contracts/hasSeat.ts'
import { leaveSeat } from '@trainyard/contracts/leaveSeat.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readAwaitedRounds } from '@trainyard/contracts/readAwaitedRounds.ts'
import { readBeacon } from '@trainyard/contracts/readBeacon.ts'
import { readDispute } from '@trainyard/contracts/readDispute.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { resolve } from '@trainyard/contracts/resolve.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import { buildWeb } from '@trainyard/market-ui/buildWeb.ts'
import { timeOfRound } from '@trainyard/verifier/beacon/drand/network.ts'
import { withRounds } from '@trainyard/verifier/beacon/withRounds.ts'
import type { OrderRecord } from '@trainyard/verifier/bundle/orderRecord.ts'
import { verifyBundle } from '@trainyard/verifier/bundle/verify.ts'
import { parseEther } from 'ethers'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { fetchBundle } from '../../client/src/buyer/fetchBundle.ts'
import type { Check } from '../../client/src/cli/checks/check.ts'
import { doctorCommand } from '../../client/src/cli/doctorCommand.ts'
import { showRoundCommand } from '../../client/src/cli/showRoundCommand.ts'
import { sentenceOf } from '../../client/src/sentenceOf.ts'
import { localNetwork, signedOnceThere, signedRound, startRelay } from '../helpers/localDrand.ts'
import { signedBallot } from '../helpers/signedBallot.ts'
import { browserTest, launchChromium } from '../market-ui/chromium.ts'
import { expectNoViolations } from '../market-ui/expectNoViolations.ts'
import { tabTo } from '../market-ui/keyboard.ts'
import { startTestServer } from '../market-ui/startTestServer.ts'
import { installWallet } from '../market-ui/testWallet.ts'
import { runOrderCommand } from '../verifier/order/runOrderCommand.ts'
import { createTestAuditor, type TestAuditor } from '../verifier/watch/testAuditor.ts'
import { fakeRim } from './cli/fakeRim.ts'
import { orderTinyJob, statusIs } from './rig/orders.ts'
import { passAudit } from './rig/passAudit.ts'
import { startClient } from './rig/startClient.ts'
import { type Rig, startRig } from './rig/startRig.ts'
import { until } from './rig/until.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 90_000 }) // a chain and processes on a busy machine

const MARGIN_ROUNDS = 1
const THEIR_TURN_MS = 20_000
const network = localNetwork({ periodSeconds: 1 })

type Relay = Awaited<ReturnType<typeof startRelay>>
let isAway = true
let rig: Rig
let auditor: TestAuditor
let liar: Relay
let relay: Relay
beforeAll(async () => {
  const honest = signedOnceThere(network)
  relay = await startRelay(network, (round) => (isAway ? { status: 503, body: '' } : honest(round)))
  liar = await startRelay(network, (round) => ({
    body: JSON.stringify({ ...JSON.parse(signedRound(round - 1).body), round }),
  }))
  const times = { commitSeconds: 600, revealSeconds: 600, panelSize: 1 }
  rig = await startRig(times, { network, marginRounds: MARGIN_ROUNDS, drawGrid: 2 })
  await leaveSeat(rig.auditor, { hardwareClass: hardwareClassOf('canonical') })
  rig.devnet.deployment.drandRelays = [liar.url, relay.url]
  auditor = await createTestAuditor(rig.devnet, rig.market.url)
})
afterAll(async () => {
  await auditor?.dispose()
  await rig?.stop()
  liar?.stop()
  relay?.stop()
})

/** What `trainyard doctor` says of the relays. */
async function relaysIn(config: string) {
  const { rim, answers } = fakeRim()
  await doctorCommand({ config, json: true }, rim)
  const { checks } = answers[0] as { checks: Check[] }
  return checks.filter(({ id }) => id === 'drand-relay')
}

/** Anchors, in seconds, of an order's windows: its placing, its start, then window w - 2. */
function anchorsOf({ drand, windows }: OrderRecord): number[] {
  return [drand!.placedAt, drand!.startedAt, ...windows.map(({ committedAt }) => committedAt!)]
}

test('behavior: an order whose randomness is drand waits while drand is away, is trained, drawn, audited and paid', async () => {
  await auditor.start()
  await auditor.untilStderr('no relay of drand is of use')
  const { config } = await rig.seller('drand', { drandRelays: [liar.url, relay.url] })
  expect(await relaysIn(config)).toMatchObject([
    { status: 'fail', actual: expect.stringMatching(/not the network's/), unit: null },
    { status: 'fail', actual: expect.stringMatching(/HTTP status 503/) },
  ])
  const client = await startClient(config)
  try {
    // Three windows: the third is seeded by what the first one's commitment anchors.
    const orderId = await orderTinyJob(rig, client.machineId, { steps: 144 })
    // The liar's rounds are not believed, and the other relay has none.
    await until(async () => (relay.asked.length > 1 && liar.asked.length > 1 ? true : undefined))
    expect((await statusIs(rig, orderId, 'Preparing')).startedAt).toBe(0)
    isAway = false
    expect(await relaysIn(config)).toMatchObject([
      { status: 'warn', remediation: expect.stringMatching(/"drandRelays"/) },
      { status: 'pass', actual: expect.any(Number), required: 2, unit: 'rounds behind', remediation: null },
    ])
    await statusIs(rig, orderId, 'Completed')

    const context = withRounds(rig.buyer, [relay.url])
    const out = join(rig.dir, 'bundle')
    const found = await fetchBundle({ context, orderId, store: rig.market.url, out, rpc: rig.devnet.rpcUrl })
    expect(found.checks.filter(({ status }) => status !== 'pass')).toEqual([])
    const order: OrderRecord = JSON.parse(readFileSync(join(out, 'order.json'), 'utf8'))
    const anchors = anchorsOf(order)
    for (const [window, { beaconBlock }] of order.windows.entries()) {
      const atSeconds = timeOfRound(network, beaconBlock) / 1000
      expect(atSeconds).toBeGreaterThan(anchors[window]! + MARGIN_ROUNDS * network.periodSeconds)
      // Nobody had to show a window's round on chain.
      expect(await readBeacon(context, orderId, window)).toMatchObject({ position: beaconBlock })
    }
    await expectDrawnBy(orderId, order)

    // Nobody knows where a drand that is not evmnet is served, unless somebody says so.
    const { drandRelays: _, ...unsaid } = rig.devnet.deployment
    const nowhere = withRounds({ ...rig.buyer, deployment: unsaid })
    await expect(nowhere.rounds!.roundOf(1)).rejects.toThrow(/no relay of it is named/)

    // The bundle shows its rounds: nobody has to be asked, not even drand.
    isAway = true
    expect(await verifyBundle(out, { rpc: rig.devnet.rpcUrl })).toMatchObject({ verdict: 'valid' })
    await client.kill()
    await expectVerifiedByNumber(orderId, order)
  } finally {
    await Promise.all([client.kill(), auditor.kill()])
  }
})

/** The seller is gone: chain, CIDs and a relay are enough, and a relay cannot lie. */
async function expectVerifiedByNumber(orderId: bigint, { windows }: OrderRecord): Promise<void> {
  const ask = (...relays: string[]) => {
    const named = relays.length > 0 ? ['--relay', ...relays] : []
    return runOrderCommand(rig, orderId, '--deployment', rig.devnet.deployment.runtime, ...named)
  }
  const unnamed = await ask()
  expect(unnamed).toMatchObject({ code: 2, answer: { verdict: 'undecided' } })
  expect(unnamed.stderr).toMatch(/no relay of it is named.*--relay/)
  const lied = await ask(liar.url)
  expect(lied).toMatchObject({ code: 2, answer: { verdict: 'undecided' } })
  expect(lied.stderr).toMatch(/the signature is not the network's on this round/)
  isAway = false
  relay.asked.length = 0
  const told = await ask(liar.url, relay.url)
  expect(told).toMatchObject({
    code: 0,
    stderr: '',
    answer: { verdict: 'valid', trace: 'recomputed', steps: 144 },
  })
  // Windows that were anchored within one period have one round, which is asked for once.
  expect(relay.asked).toEqual([...new Set(windows.map(({ beaconBlock }) => beaconBlock))])
}

/** One round drew, which came after the end, and one transaction showed it. */
async function expectDrawnBy(orderId: bigint, order: OrderRecord): Promise<void> {
  const { blockNumber } = await readHead(rig.buyer)
  const events = await readEvents(rig.buyer, rig.devnet.deployment.deployedBlock, blockNumber)
  const shown = events.flatMap((event) => (event.name === 'RoundShown' ? [event.args.round] : []))
  const drawn = events.flatMap((event) =>
    event.name === 'DrawSeeded' && event.args.orderId === orderId ? [event.args.position] : [],
  )
  expect(drawn).toHaveLength(1)
  expect(shown).toEqual(drawn)
  const [first] = drawn
  const lastAt = order.windows.at(-1)!.committedAt!
  expect(first! % 2).toBe(0)
  expect(timeOfRound(network, first!) / 1000).toBeGreaterThan(lastAt + MARGIN_ROUNDS)
  const value = await read(rig.buyer, 'beacon', 'valueOf', [first!])
  expect(value).toBe((await withRounds(rig.buyer, [relay.url]).rounds!.roundOf(first!))!.value)
}

/** Rounds that were shown since a block, with who paid for it. */
async function shownSince(block: number): Promise<{ round: number; by: string; txHash: string }[]> {
  const { blockNumber } = await readHead(rig.buyer)
  const shown: { round: number; by: string; txHash: string }[] = []
  for (const event of await readEvents(rig.buyer, block, blockNumber)) {
    if (event.name !== 'RoundShown') continue
    const { from } = (await rig.devnet.provider.getTransaction(event.txHash))!
    shown.push({ round: event.args.round, by: from, txHash: event.txHash })
  }
  return shown
}

const awaitedOf = (orderId: bigint) => until(async () => (await readAwaitedRounds(rig.buyer, orderId))[0])

/** Challenges an order, has it answered, and waits for the round that draws its jury: another than `draws`. */
async function disputeOf(
  client: Awaited<ReturnType<typeof startClient>>,
  challenger: Rig['auditor'],
  { orderId, draws }: { orderId: bigint; draws: number },
): Promise<{ disputeId: bigint; round: number }> {
  await until(async () =>
    (await readHead(rig.buyer)).timestamp > timeOfRound(network, draws) / 1000 ? true : undefined,
  )
  const { disputeId } = await challenge(challenger, { orderId, segment: 1 })
  await client.logged(({ msg }) => msg === 'answered a challenge')
  const round = await until(async () => {
    return (await readAwaitedRounds(rig.buyer, orderId)).find((one) => one.draws === 'jury')?.round
  })
  return { disputeId, round }
}

/** On the page of a dispute: shows the round of its jury, then has the jury drawn, by keyboard. */
async function drawJuryByPage(page: Page, round: number): Promise<void> {
  await page.getByText(`drand round ${round}, which draws its jury, yet`).waitFor()
  await expectNoViolations(page, 'dispute that waits for a round')
  const draw = page.getByRole('button', { name: 'Have the jury drawn' })
  expect(await draw.count()).toBe(0) // the contracts would refuse it
  await tabTo(page, `Show round ${round}`)
  await page.keyboard.press('Enter')
  await page.getByText('The round is shown.').waitFor()
  await draw.waitFor()
  await tabTo(page, 'Have the jury drawn')
  await page.keyboard.press('Enter')
  await page.getByText('1 juror drawn by lot').waitFor()
  await expectNoViolations(page, 'dispute whose jury was drawn')
}

/** `trainyard show-round` with this account. */
async function showByHand(orderId: bigint, home: string) {
  const { rim, answers, codes } = fakeRim()
  const account = { keystore: join(home, 'keystore.json'), passwordFile: join(home, 'password') }
  const places = {
    rpc: rig.devnet.rpcUrl,
    deployment: join(rig.dir, 'deployment.json'),
    store: rig.market.url,
  }
  await showRoundCommand(orderId, { ...places, ...account, relay: [liar.url, relay.url], json: true }, rim)
  return { answers, codes }
}

describe('without any auditor’s service', () => {
  const hardwareClass = hardwareClassOf('canonical')
  let byHand: Rig['auditor']
  let challenger: Rig['auditor']
  beforeAll(async () => {
    if (await hasSeat(rig.buyer, hardwareClass, auditor.address)) await auditor.leave()
    byHand = await rig.devnet.account(2)
    challenger = await rig.devnet.account(4)
    for (const account of [byHand, challenger]) {
      await deposit(account, { amountWei: parseEther('1000') })
      await bond(account, { amountWei: parseEther('1000') })
    }
    await takeSeat(byHand, { hardwareClass })
  })

  test('behavior: the seller’s daemon shows the round of a jury, killed and with drand away in between; the draw’s is shown by hand', async () => {
    isAway = false
    const { config, address } = await rig.seller('shows', { drandRelays: [liar.url, relay.url] })
    const stranger = await rig.seller('stranger')
    const from = (await readHead(rig.buyer)).blockNumber
    let client = await startClient(config)
    try {
      const orderId = await orderTinyJob(rig, client.machineId)
      await statusIs(rig, orderId, 'Auditing')
      isAway = true
      const draws = await awaitedOf(orderId)
      expect(draws.draws).toBe('segments and panel')
      // Later, so that the jury is drawn by another round.
      await until(async () =>
        (await readHead(rig.buyer)).timestamp > timeOfRound(network, draws.round) / 1000 ? true : undefined,
      )
      const { disputeId } = await challenge(challenger, { orderId, segment: 1 })
      await client.logged(({ msg }) => msg === 'answered a challenge')
      const jurys = await awaitedOf(orderId)
      expect(jurys.draws).toBe('jury')
      const failure = (line: Record<string, unknown>) => {
        const { type, round } = (line.err ?? {}) as { type?: string; round?: number }
        return line.effect === 'ShowRounds' && type === 'RoundUnavailable' && round === jurys.round
      }
      const { message } = (await client.logged(failure)).err as { message: string }
      expect(message).toMatch(/503.*No money moved.*name relays that answer/)
      await client.kill()
      const refused = sentenceOf(await showByHand(orderId, stranger.home).catch((error: unknown) => error))
      expect(refused).toMatchObject({ error: 'RoundUnavailable', exitCode: 75, moneyMoved: false })
      client = await startClient(config)
      await client.logged(failure)
      isAway = false
      await client.logged(({ msg }) => msg === 'showed a round that draws')
      expect(await shownSince(from)).toMatchObject([{ round: jurys.round, by: address }])
      expect(await readAwaitedRounds(rig.buyer, orderId)).toEqual([])
      await client.kill()

      await drawJury(byHand, { disputeId })
      const { round } = await readDispute(rig.buyer, disputeId)
      const found = findings.valid
      await resolve(byHand, {
        disputeId,
        ballots: [await signedBallot(byHand, { disputeId, round, found })],
      })
      expect(await statusIs(rig, orderId, 'Auditing')).toMatchObject({ settledAt: 0 })

      expect(await awaitedOf(orderId)).toEqual(draws)
      const shown = await showByHand(orderId, stranger.home)
      expect(shown).toMatchObject({
        answers: [{ rounds: [{ ...draws, txHash: expect.stringMatching(/^0x/) }] }],
        codes: [],
      })
      expect(await showByHand(orderId, stranger.home)).toMatchObject({ answers: [{ rounds: [] }], codes: [] })
      client = await startClient(config)
      await passAudit({ ...rig, auditor: { ...byHand, ...withRounds(byHand, [relay.url]) } }, orderId)
      await statusIs(rig, orderId, 'Completed')
      // Each was shown once, whoever was first.
      expect((await shownSince(from)).slice(1)).toMatchObject([{ round: draws.round, by: stranger.address }])
    } finally {
      await client.kill()
    }
  })

  browserTest(
    'behavior: the pages of an order and of its dispute show rounds that nobody else does, by keyboard; then the jury is drawn',
    async () => {
      isAway = false
      const [webDir, browser] = await Promise.all([buildWeb(), launchChromium()])
      await using cleanup = new AsyncDisposableStack()
      cleanup.defer(() => browser.close())
      const { rpcUrl } = rig.devnet
      const deployment = join(rig.dir, 'deployment.json')
      const drandRelays = [liar.url, relay.url]
      const server = await startTestServer({ rpc: rpcUrl, deployment, webDir, drandRelays })
      cleanup.defer(() => server.close())
      const { config } = await rig.seller('paged', { drandRelays })
      const client = await startClient(config)
      const orderId = await orderTinyJob(rig, client.machineId)
      await statusIs(rig, orderId, 'Auditing')
      isAway = true
      const { round } = await awaitedOf(orderId)
      const jury = await disputeOf(client, challenger, { orderId, draws: round })
      await client.kill()
      isAway = false
      const early = await fetch(`${server.url}/api/rounds/${round + 1_000_000}`)
      expect([early.status, (await early.json()).title]).toEqual([404, 'Not there yet'])
      const account = rig.buyer.address
      const context = await browser.newContext({
        reducedMotion: 'reduce',
        viewport: { width: 1100, height: 900 },
      })
      await installWallet(context, { rpcUrl, account })
      const page = await context.newPage()
      page.setDefaultTimeout(40_000)
      await page.goto(`${server.url}/disputes/${jury.disputeId}`)
      await page.getByRole('button', { name: 'Connect wallet' }).click()
      await page.getByRole('button', { name: 'Test Wallet' }).click()
      await page.getByRole('heading', { name: 'Your wallet' }).waitFor()
      await page.keyboard.press('Escape')
      await drawJuryByPage(page, jury.round)
      await resolve(byHand, {
        disputeId: jury.disputeId,
        ballots: [await signedBallot(byHand, { disputeId: jury.disputeId, round: 0, found: findings.valid })],
      })
      expect(await readAwaitedRounds(rig.buyer, orderId)).toMatchObject([{ round }])

      await page.goto(`${server.url}/orders/${orderId}`)
      await page.getByText(`drand round ${round}, which draws its segments and auditors`).waitFor()
      const button = page.getByRole('button', { name: `Show round ${round}` })
      // Once auditors and the seller had their turn: the browser's clock goes on by that.
      await page.evaluate((turnMs) => {
        const { now } = Date
        Date.now = () => now() + turnMs
      }, THEIR_TURN_MS)
      await button.waitFor()
      await expectNoViolations(page, 'order that waits for a round')
      isAway = true
      await button.focus()
      await page.keyboard.press('Enter')
      await page.getByText('The round cannot be had').waitFor()
      await page.getByText('No money moved.').waitFor()
      await expectNoViolations(page, 'order whose round no relay has')
      isAway = false
      await button.focus()
      await page.keyboard.press('Enter')
      await page.getByText('The round is shown.').waitFor()
      await button.waitFor({ state: 'detached' })
      expect(await readAwaitedRounds(rig.buyer, orderId)).toEqual([])
      const shown = (await shownSince(rig.devnet.deployment.deployedBlock)).at(-1)!
      expect(shown).toMatchObject({ round, by: account })

      await page.goto(`${server.url}/tx/${shown.txHash}`)
      await page.getByText('showRound').first().waitFor()
      await page.getByText('RoundShown').first().waitFor()
    },
  )
})
