import { join } from 'node:path'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { leaveSeat } from '@trainyard/contracts/leaveSeat.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { type OrderFacts, readOrder } from '@trainyard/contracts/readOrder.ts'
import { closeReasonName } from '@trainyard/contracts/words.ts'
import { verifyOrder } from '@trainyard/verifier/order/verifyOrder.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localNetwork, signedOnceThere, startRelay } from '../helpers/localDrand.ts'
import { createTestAuditor } from '../verifier/watch/testAuditor.ts'
import { orderTinyPair, statusIs } from './rig/orders.ts'
import { startClient } from './rig/startClient.ts'
import { type Rig, startRig } from './rig/startRig.ts'
import { until } from './rig/until.ts'

const cheatCli = join(import.meta.dirname, '../../yard/src/cheats/cli.ts')

const network = localNetwork({ periodSeconds: 1 })
let rig: Rig
let relay: Awaited<ReturnType<typeof startRelay>>
beforeAll(async () => {
  relay = await startRelay(network, signedOnceThere(network))
  const drand = { network, marginRounds: 1, drawGrid: 2 }
  rig = await startRig({ confirmSeconds: 600, commitSeconds: 120 }, drand)
})
afterAll(async () => {
  await rig?.stop()
  relay?.stop()
})

test('behavior: where drand draws, two sellers of one order train on the same rounds and agree; nobody pays to show one', {
  timeout: 400_000,
}, async () => {
  const drandRelays = [relay.url]
  const settings = { proofModes: ['bitwise', 'refereed'], drandRelays }
  const sellers = [await rig.seller('first', settings), await rig.seller('second', settings)] as const
  const [first, second] = [await startClient(sellers[0].config), await startClient(sellers[1].config)]
  try {
    const pair = await orderTinyPair(rig, [first.machineId, second.machineId])
    for (const orderId of pair) await statusIs(rig, orderId, 'Completed')
    const { rpcUrl: rpc } = rig.devnet
    const places = { rpc, deployment: join(rig.dir, 'deployment.json'), store: rig.market.url }
    const verified = await verifyOrder(pair[1], { ...places, relay: drandRelays })
    expect(verified).toMatchObject({ verdict: 'valid', pair: { differsFrom: null } })
    const { blockNumber } = await readHead(rig.buyer)
    const events = await readEvents(rig.buyer, rig.devnet.deployment.deployedBlock, blockNumber)
    expect(events.filter(({ name }) => name === 'RoundShown')).toEqual([])
  } finally {
    await Promise.all([first.terminate(), second.terminate()])
  }
})

test('behavior: where they differ, a jury that a round draws convicts the one that made segments up; the other is audited and paid', {
  timeout: 500_000,
}, async () => {
  const drandRelays = [relay.url]
  const settings = { proofModes: ['bitwise', 'refereed'], drandRelays }
  const [honest, cheat] = [await rig.seller('honest', settings), await rig.seller('cheat', settings)]
  const auditors = await Promise.all(
    [1, 2].map(() => createTestAuditor(rig.devnet, rig.market.url, { drandRelays })),
  )
  for (const auditor of auditors) await auditor.start()
  await leaveSeat(rig.auditor, { hardwareClass: hardwareClassOf('canonical') }) // nobody is behind it
  const [client, liar] = [
    await startClient(honest.config),
    await startClient(cheat.config, [cheatCli, 'skip-steps']),
  ]
  try {
    const [orderId, twin] = await orderTinyPair(rig, [client.machineId, liar.machineId])
    const ended = (id: bigint, wanted: OrderFacts['status']) =>
      until(async () => {
        const facts = await readOrder(rig.buyer, id)
        return facts.status === wanted ? facts : undefined
      }, 240_000)
    const convicted = await ended(twin, 'Failed')
    expect([closeReasonName(convicted.closeReason), convicted.paidWei]).toEqual(['FRAUD_PROVED', 0n])
    expect((await ended(orderId, 'Completed')).paidWei).toBeGreaterThan(0n)
    const { blockNumber } = await readHead(rig.buyer)
    const events = await readEvents(rig.buyer, rig.devnet.deployment.deployedBlock, blockNumber)
    expect(events.some(({ name }) => name === 'RoundShown')).toBe(true) // a jury's, if not a panel's
    const challengers = events.flatMap((event) =>
      event.name === 'Challenged' && event.args.orderId === twin ? [event.args.challenger] : [],
    )
    expect(challengers).toContain(honest.address)
  } finally {
    await Promise.all([client.terminate(), liar.terminate()])
    await Promise.all(auditors.map((auditor) => auditor.dispose()))
  }
})
