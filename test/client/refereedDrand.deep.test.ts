import { join } from 'node:path'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { verifyOrder } from '@trainyard/verifier/order/verifyOrder.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localNetwork, signedOnceThere, startRelay } from '../helpers/localDrand.ts'
import { orderTinyPair, statusIs } from './rig/orders.ts'
import { startClient } from './rig/startClient.ts'
import { type Rig, startRig } from './rig/startRig.ts'

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
