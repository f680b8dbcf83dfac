import { bond } from '@trainyard/contracts/bond.ts'
import { commitVerdicts } from '@trainyard/contracts/commitVerdicts.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { readAwaitedRounds } from '@trainyard/contracts/readAwaitedRounds.ts'
import { readDraw } from '@trainyard/contracts/readDraw.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { revealVerdicts } from '@trainyard/contracts/revealVerdicts.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import { verdictCommitment } from '@trainyard/contracts/verdictCommitment.ts'
import { parseEther } from 'ethers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { localNetwork, signedOnceThere, startRelay } from '../helpers/localDrand.ts'
import { orderTinyJob, statusIs } from './rig/orders.ts'
import { startClient } from './rig/startClient.ts'
import { type Rig, startRig } from './rig/startRig.ts'
import { until } from './rig/until.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 90_000 }) // a chain and processes on a busy machine

const PASS = 1n
const network = localNetwork({ periodSeconds: 1 })
// drand keeps the world's time, so these pass in full: for the first panel in vain.
const times = { commitSeconds: 30, revealSeconds: 5, panelSize: 1 }

let rig: Rig
let relay: Awaited<ReturnType<typeof startRelay>>
let auditors: Rig['auditor'][]
beforeAll(async () => {
  relay = await startRelay(network, signedOnceThere(network))
  rig = await startRig(times, { network, marginRounds: 1, drawGrid: 2 })
  const second = await rig.devnet.account(2)
  await deposit(second, { amountWei: parseEther('1000') })
  await bond(second, { amountWei: parseEther('1000') })
  await takeSeat(second, { hardwareClass: hardwareClassOf('canonical') })
  auditors = [rig.auditor, second]
})
afterAll(async () => {
  await rig?.stop()
  relay?.stop()
})

async function eventsOf(orderId: bigint) {
  const { blockNumber } = await readHead(rig.buyer)
  const events = await readEvents(rig.buyer, rig.devnet.deployment.deployedBlock, blockNumber)
  return events.filter(
    (event) => event.name === 'RoundShown' || ('orderId' in event.args && event.args.orderId === orderId),
  )
}

/** Everybody of the panel that sits passes everything. */
async function passTogether(orderId: bigint, segments: readonly number[]): Promise<void> {
  const verdicts = segments.reduce((bits, _, i) => bits | (PASS << BigInt(2 * i)), 0n)
  const opened = { orderId, verdicts, report: '', salt: `0x${'22'.repeat(32)}` }
  for (const auditor of auditors) {
    const commitment = verdictCommitment({ ...opened, auditor: auditor.address })
    await commitVerdicts(auditor, { orderId, commitment })
  }
  for (const auditor of auditors) await revealVerdicts(auditor, opened)
}

test('behavior: where the whole first panel is silent a larger one is drawn by a round of its own, which the daemon shows too', async () => {
  const { config, address } = await rig.seller('patient', { drandRelays: [relay.url] })
  const client = await startClient(config)
  try {
    const orderId = await orderTinyJob(rig, client.machineId)
    await statusIs(rig, orderId, 'Auditing')
    const first = await until(async () => {
      const draw = await readDraw(rig.buyer, orderId)
      return draw.ready ? draw : undefined
    })
    expect(first.panel).toHaveLength(1)
    const larger = await until(async () => {
      const [awaited] = await readAwaitedRounds(rig.buyer, orderId)
      return awaited?.draws === 'larger panel' ? awaited : undefined
    })
    const second = await until(async () => {
      const draw = await readDraw(rig.buyer, orderId)
      return draw.panel.length === 2 ? draw : undefined
    })
    expect(second.segments).toEqual(first.segments)
    expect([...second.panel].sort()).toEqual(auditors.map((auditor) => auditor.address).sort())
    await passTogether(orderId, second.segments)
    await statusIs(rig, orderId, 'Completed')

    const events = await eventsOf(orderId)
    const shown = events.flatMap((event) => (event.name === 'RoundShown' ? [event] : []))
    expect(shown).toHaveLength(2)
    expect(shown[1]!.args.round).toBe(larger.round)
    const seeded = events.flatMap((event) => (event.name === 'DrawSeeded' ? [event.args.position] : []))
    expect(seeded).toEqual(shown.map(({ args }) => args.round))
    for (const { txHash } of shown)
      expect((await rig.devnet.provider.getTransaction(txHash))!.from).toBe(address)
    expect(events.map(({ name }) => name)).toContain('PanelRedrawn')
  } finally {
    await client.kill()
  }
})
