import { setTimeout as sleep } from 'node:timers/promises'
import { parseEther } from 'ethers'
import { orderTinyJob, statusIs } from '../test/client/rig/orders.ts'
import { passAudit } from '../test/client/rig/passAudit.ts'
import { reached } from '../test/client/rig/reached.ts'
import { type ClientProcess, startClient } from '../test/client/rig/startClient.ts'
import { type Rig, startRig } from '../test/client/rig/startRig.ts'
import { type Figure, round } from './lib/figure.ts'
import { processUse } from './lib/processUse.ts'

const ORDERS = 200
const WARM_UP = 10
const SAMPLE_EVERY = 20
const MACHINES = 8
const ORDERS_PER_MACHINE = 3
const IDLE_MS = 20_000
const MAX_GROWTH_MIB = 15
const SMALL = {
  steps: 32,
  stepsPerSegment: 16,
  segmentsPerWindow: 1,
  proof: { mode: 'bitwise', draws: 2 },
} as const

/**
 * Many small orders in a row on one machine, then several machines of one daemon at once. Compares memory and open files after the first ten orders with those after the last.
 */
export async function measure(): Promise<Figure> {
  const long = await manyInARow(ORDERS)
  const wide = await manyAtOnce(MACHINES, ORDERS_PER_MACHINE)
  const growthMiB = long.after.rssMiB - long.before.rssMiB
  const files = long.after.openFiles - long.before.openFiles
  return {
    figure: 'soak',
    value: round(growthMiB, 1),
    unit: `MiB more after ${ORDERS} orders`,
    reference: `after the first ${WARM_UP} orders`,
    ratio: round(long.after.rssMiB / long.before.rssMiB),
    goal: `<= ${MAX_GROWTH_MIB} MiB and no open file more; all orders settled`,
    met: growthMiB <= MAX_GROWTH_MIB && files <= 0 && wide.completed === MACHINES * ORDERS_PER_MACHINE,
    detail: { ...long, atOnce: wide },
  }
}

/** Runs orders one after the other on one machine. */
export async function manyInARow(orders: number) {
  const rig = await startRig()
  try {
    const client = await startClient((await rig.seller('long')).config)
    const use = () => processUse(client.child.pid ?? 0)
    for (let order = 0; order < WARM_UP; order++) await runOrder(rig, client, client.machineId)
    const before = use()
    const startMs = performance.now()
    const rssMiB = [before.rssMiB]
    for (let order = WARM_UP; order < orders; order++) {
      await runOrder(rig, client, client.machineId)
      if ((order + 1) % SAMPLE_EVERY === 0) rssMiB.push(use().rssMiB)
    }
    const secondsPerOrder = round((performance.now() - startMs) / 1000 / (orders - WARM_UP), 2)
    await sleep(IDLE_MS)
    const after = use()
    await client.terminate()
    return { orders, before, after, rssMiB, secondsPerOrder }
  } finally {
    await rig.stop()
  }
}

/** Runs orders on several machines of one daemon at the same time. */
export async function manyAtOnce(count: number, ordersEach: number) {
  const rig = await startRig()
  try {
    const machines = Array.from({ length: count }, (_, index) => ({ name: `part-${index}` }))
    const { config } = await rig.seller('wide', { machines, bondWei: String(parseEther('1000')) })
    const client = await startClient(config)
    const use = () => processUse(client.child.pid ?? 0)
    const startMs = performance.now()
    let completed = 0
    const runOnEach = () =>
      Promise.all(
        [...client.machines.values()].map(async (machineId) => {
          await runOrder(rig, client, machineId)
          completed++
        }),
      )
    await runOnEach()
    const before = use()
    for (let done = 1; done < ordersEach; done++) await runOnEach()
    const seconds = round((performance.now() - startMs) / 1000, 1)
    await sleep(IDLE_MS) // connections that are kept open close
    const after = use()
    await client.terminate()
    return { machines: count, completed, seconds, before, after }
  } finally {
    await rig.stop()
  }
}

async function runOrder(rig: Rig, client: ClientProcess, machineId: bigint): Promise<void> {
  const orderId = await orderTinyJob(rig, machineId, SMALL)
  await statusIs(rig, orderId, 'Auditing')
  await passAudit(rig, orderId)
  await statusIs(rig, orderId, 'Completed')
  await reached(client, orderId, 'settled')
}
