import { dataOrder } from '../canonical/order.ts'
import type { ScreenRun } from './screenRun.ts'

/** Sample ids of steps `from` + 1 to `to`, in order, as data and seeds give them. */
export function samplesUsed({ job, data, seeds }: ScreenRun, from: number, to: number): number[] {
  const order = dataOrder(job, data.samples, seeds, from)
  const batch = new Uint32Array(job.hyperparameters.batchSize)
  const ids: number[] = []
  for (let step = from; step < to; step++) {
    order.next(batch)
    ids.push(...batch)
  }
  return ids
}
