import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { placeJobOrder } from '@trainyard/client/buyer/placeJobOrder.ts'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { z } from 'zod'
import type { Sample } from './openSample.ts'

const HEALTH_TIMEOUT_MS = 5_000
const MAX_SECONDS = 600

const healthSchema = z.looseObject({ machineId: z.string() })

/**
 * Orders the sample job from a seller, as a buyer would. The job is also left in `jobFile`, as an example to order by
 * hand and to change.
 */
export async function placeSampleOrder(
  context: ChainContext,
  urls: { seller: string; store: string },
  sample: Sample,
  jobFile: string,
): Promise<bigint> {
  const { job, data, stepMicros } = sample
  mkdirSync(dirname(jobFile), { recursive: true })
  writeFileSync(jobFile, `${JSON.stringify(job, null, 2)}\n`)
  const response = await fetch(`${urls.seller}/health`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) })
  const { machineId } = healthSchema.parse(await response.json())
  const { offerId } = await readMachine(context, BigInt(machineId))
  const { orderId } = await placeJobOrder({
    context,
    store: urls.store,
    offerId,
    job,
    data,
    maxSeconds: MAX_SECONDS,
    stepMicros,
  })
  return orderId
}
