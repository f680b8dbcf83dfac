import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readOffer } from '@trainyard/contracts/readOffer.ts'
import { fetchBytes } from '@trainyard/verifier/content/fetchBytes.ts'
import { type AnyJob, isRental } from '@trainyard/verifier/rental.ts'
import { vouchesFor } from '@trainyard/verifier/vouchesFor.ts'
import { z } from 'zod'
import { JobRejected } from '../errors.ts'
import { checkImage } from '../order/checkImage.ts'
import { checkRentedImage } from '../order/checkRental.ts'

const TIMEOUT_MS = 3_000
const MAX_BYTES = 1024 * 1024

const text = z.string().max(300)
const healthSchema = z.object({
  machines: z
    .array(
      z.object({
        machineId: text,
        hardwareClass: text,
        images: z.array(text).max(64),
        vouchedImages: z.array(text).max(64).default([]),
        egress: z.union([z.enum(['any', 'none']), z.array(text).max(512)]),
      }),
    )
    .max(64),
})

/**
 * Asks an offer's daemon whether it takes a job in an image, before anything is paid. Throws JobRejected if it says that
 * it does not; a daemon that does not answer now says nothing. Returns whether the seller vouches for the job's environment:
 * always for the canonical trainer, else for the images that it says, and never without proof or within a tolerance.
 */
export async function requireTaken(context: ChainContext, offerId: bigint, job: AnyJob): Promise<boolean> {
  const isExact = job.proof.mode === 'bitwise' || job.proof.mode === 'refereed'
  if (job.version === 1) return isExact
  const { machineId } = await readOffer(context, offerId)
  const { endpoint } = await readMachine(context, machineId)
  const said = await readHealth(endpoint)
  const takes = said?.machines.find((machine) => machine.machineId === String(machineId))
  const refusal = takes && (isRental(job) ? checkRentedImage(job, takes) : checkImage(job, takes))
  if (refusal === undefined) return isExact && !isRental(job) && vouchesFor(job, takes?.vouchedImages ?? [])
  throw new JobRejected(refusal, 'Order from another machine, or change the job. No money moved.')
}

async function readHealth(endpoint: string) {
  try {
    const url = `${endpoint.replace(/\/+$/, '')}/health`
    const bytes = await fetchBytes({ url, maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS })
    return healthSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    return undefined
  }
}
