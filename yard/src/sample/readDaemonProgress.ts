import { z } from 'zod'

const TIMEOUT_MS = 2_000

const progressSchema = z.looseObject({
  phase: z.string(),
  step: z.number(),
  steps: z.number(),
  loss: z.number().nullish(),
  message: z.string().nullish(),
})

export type DaemonProgress = z.infer<typeof progressSchema>

/** What the seller's daemon says of an order, or nothing while it does not answer: only a display depends on it. */
export async function readDaemonProgress(
  endpoint: string,
  orderId: bigint,
): Promise<DaemonProgress | undefined> {
  try {
    const response = await fetch(`${endpoint}/orders/${orderId}`, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    return response.ok ? progressSchema.parse(await response.json()) : undefined
  } catch {
    return undefined
  }
}
