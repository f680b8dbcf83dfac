import { parseEventStream } from '../client/src/buyer/parseEventStream.ts'
import { detectDocker } from '../client/src/drivers/docker/detectDocker.ts'
import { orderTinyJob, statusIs } from '../test/client/rig/orders.ts'
import { passAudit } from '../test/client/rig/passAudit.ts'
import { reached } from '../test/client/rig/reached.ts'
import { type ClientProcess, startClient } from '../test/client/rig/startClient.ts'
import { type Rig, startRig } from '../test/client/rig/startRig.ts'
import { until } from '../test/client/rig/until.ts'
import { type Figure, median, round } from './lib/figure.ts'

const ORDERS = 7
const BLOCK_MS = 250
const SPARE_MS = 2_000

/**
 * From the block that holds an order to the first step of its training, with the image there already: noticing it,
 * fetching job and data, running the first segment twice, waiting for its beacon, startOrder, starting the run.
 */
export async function measure(): Promise<Figure> {
  const driver = (await detectDocker()).found ? 'docker' : 'process'
  const rig = await startRig()
  try {
    const { config } = await rig.seller('quick', { driver })
    const client = await startClient(config)
    await latencyMs(rig, client) // whatever is loaded once
    const times: number[] = []
    for (let order = 0; order < ORDERS; order++) times.push(await latencyMs(rig, client))
    await client.terminate()
    const value = median(times)
    return {
      figure: 'order-latency',
      value: round(value / 1000, 3),
      unit: 's from block to first step',
      reference: 'none stated by peers',
      ratio: round(value / (BLOCK_MS + SPARE_MS)),
      goal: `<= one block (${BLOCK_MS / 1000} s) + ${SPARE_MS / 1000} s`,
      met: value <= BLOCK_MS + SPARE_MS,
      detail: { driver, seconds: times.map((time) => round(time / 1000, 3)) },
    }
  } finally {
    await rig.stop()
  }
}

async function latencyMs(rig: Rig, client: ClientProcess): Promise<number> {
  const orderId = await orderTinyJob(rig, client.machineId)
  const placedAtMs = performance.now()
  await firstStep(`${client.url}/orders/${orderId}/events`)
  const tookMs = performance.now() - placedAtMs
  await statusIs(rig, orderId, 'Auditing')
  await passAudit(rig, orderId)
  await reached(client, orderId, 'settled')
  return tookMs
}

async function firstStep(url: string): Promise<void> {
  const stop = new AbortController()
  const response = await until(async () => {
    const answer = await fetch(url, { signal: stop.signal })
    return answer.ok ? answer : undefined
  })
  for await (const { event } of parseEventStream(response.body!)) if (event === 'progress') break
  stop.abort()
}
