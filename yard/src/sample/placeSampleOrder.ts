import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { placeJobOrder } from '@trainyard/client/buyer/placeJobOrder.ts'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import type { Job } from '@trainyard/verifier/job.ts'
import { trainerHash } from '@trainyard/verifier/trainerHash.ts'
import { z } from 'zod'
import { repositoryRoot } from '../paths.ts'
import { digitsJob } from './digitsJob.ts'

const HEALTH_TIMEOUT_MS = 5_000
const MAX_SECONDS = 600
/** Agreed pay time of one step: about three times what it takes on the machine this was written on. */
const STEP_MICROS = 5_000

const healthSchema = z.looseObject({ machineId: z.string() })

/**
 * Orders the digits job from a seller, as a buyer would. The job is also left in `jobFile`, as an example to order by
 * hand and to change.
 */
export async function placeSampleOrder(
  context: ChainContext,
  urls: { seller: string; store: string },
  jobFile: string,
): Promise<{ orderId: bigint; job: Job }> {
  const folder = join(repositoryRoot, 'yard', 'samples', 'digits')
  const train = readFileSync(join(folder, 'train.safetensors'))
  const heldOut = readFileSync(join(folder, 'heldOut.safetensors'))
  const job = digitsJob({
    trainerHash: await trainerHash(),
    trainCid: (await addBytes(train)).cid,
    heldOutCid: (await addBytes(heldOut)).cid,
  })
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
    data: { train, heldOut },
    maxSeconds: MAX_SECONDS,
    stepMicros: STEP_MICROS,
  })
  return { orderId, job }
}
