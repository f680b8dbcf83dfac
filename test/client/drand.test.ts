import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { leaveSeat } from '@trainyard/contracts/leaveSeat.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readBeacon } from '@trainyard/contracts/readBeacon.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { timeOfRound } from '@trainyard/verifier/beacon/drand/network.ts'
import { withRounds } from '@trainyard/verifier/beacon/withRounds.ts'
import type { OrderRecord } from '@trainyard/verifier/bundle/orderRecord.ts'
import { verifyBundle } from '@trainyard/verifier/bundle/verify.ts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { fetchBundle } from '../../client/src/buyer/fetchBundle.ts'
import { localNetwork, signedOnceThere, signedRound, startRelay } from '../helpers/localDrand.ts'
import { createTestAuditor, type TestAuditor } from '../verifier/watch/testAuditor.ts'
import { orderTinyJob, statusIs } from './rig/orders.ts'
import { startClient } from './rig/startClient.ts'
import { type Rig, startRig } from './rig/startRig.ts'
import { until } from './rig/until.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 90_000 }) // a chain and processes on a busy machine

const MARGIN_ROUNDS = 1
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

/** Anchors, in seconds, of an order's windows: its placing, its start, then window w - 2. */
function anchorsOf({ drand, windows }: OrderRecord): number[] {
  return [drand!.placedAt, drand!.startedAt, ...windows.map(({ committedAt }) => committedAt!)]
}

test('behavior: an order whose randomness is drand waits while drand is away, is trained, drawn, audited and paid', async () => {
  await auditor.start()
  const { config } = await rig.seller('drand', { drandRelays: [liar.url, relay.url] })
  const client = await startClient(config)
  try {
    // Three windows: the third is seeded by what the first one's commitment anchors.
    const orderId = await orderTinyJob(rig, client.machineId, { steps: 144 })
    // The liar's rounds are not believed, and the other relay has none.
    await until(async () => (relay.asked.length > 1 && liar.asked.length > 1 ? true : undefined))
    expect((await statusIs(rig, orderId, 'Preparing')).startedAt).toBe(0)
    isAway = false
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
  } finally {
    await client.kill()
  }
})

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
