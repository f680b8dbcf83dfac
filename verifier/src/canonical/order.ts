import { type Threefry, threefry, threefryOf } from './threefry.ts'
import type { TrainingJob, WindowSeeds } from './types.ts'

/** The stream of sample ids, and where it stands after the last batch. */
export type DataOrder = {
  /** samples consumed in the running epoch */
  cursor: number
  /** epochs completed */
  epoch: number
  /** Fills `batch` with the next step's sample ids. Throws RangeError if its window's seed is not known yet. */
  next(batch: Uint32Array): void
}

/**
 * Data order of a job from step `fromStep` on. At each window's start what remains of the epoch, in ascending
 * order, is shuffled under the window's seed; when nothing remains, the next epoch is all samples, shuffled
 * under the seed of the window then running. Needs the seeds of the windows since the running epoch began.
 * @param samples size of the data set
 */
export function dataOrder(
  job: TrainingJob,
  samples: number,
  seeds: WindowSeeds,
  fromStep: number,
): DataOrder {
  const { batchSize } = job.hyperparameters
  const stepsPerWindow = job.stepsPerSegment * job.segmentsPerWindow
  const ids = new Uint32Array(samples).map((_, i) => i)
  const skipped = Math.floor((fromStep * batchSize) / samples) * samples // whole epochs leave no trace
  let shuffledFor = -1
  let step = Math.floor(skipped / batchSize)

  const take = (batch: Uint32Array) => {
    const window = Math.floor(step / stepsPerWindow)
    for (let i = 0; i < batch.length; i++) {
      if (window !== shuffledFor) {
        ids.subarray(order.cursor).sort()
        shuffle(ids, order.cursor, rngOf(seeds, window), order.epoch)
        shuffledFor = window
      }
      batch[i] = ids[order.cursor++]!
      if (order.cursor === samples) {
        order.cursor = 0
        order.epoch++
        shuffledFor = -1
      }
    }
    step++
  }
  const order: DataOrder = { cursor: 0, epoch: skipped / samples, next: take }
  if (step < fromStep) take(new Uint32Array(batchSize - (skipped - step * batchSize)))
  const passed = new Uint32Array(batchSize)
  while (step < fromStep) take(passed)
  return order
}

function rngOf(seeds: WindowSeeds, window: number): Threefry {
  const seed = seeds[window]
  if (seed === undefined) throw new RangeError(`seed of window ${window} is not known yet`)
  return threefryOf(seed)
}

/** Fisher-Yates from the end of ids[first..]; draw number c of a shuffle has counter (c, epoch). */
function shuffle(ids: Uint32Array, first: number, rng: Threefry, epoch: number): void {
  let draws = 0
  for (let count = ids.length - first; count > 1; count--) {
    const limit = 2 ** 32 - (2 ** 32 % count)
    do threefry(rng, draws++, epoch)
    while (rng.x0 >= limit) // a word above the limit would favour small remainders
    const a = first + count - 1
    const b = first + (rng.x0 % count)
    const id = ids[a]!
    ids[a] = ids[b]!
    ids[b] = id
  }
}
