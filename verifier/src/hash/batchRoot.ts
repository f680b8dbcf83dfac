import { dataOrder } from '../canonical/order.ts'
import { scheduleOf } from '../canonical/schedule.ts'
import type { DataSet, TrainingJob, WindowSeeds } from '../canonical/types.ts'
import { createMerkle } from './merkle.ts'

/** What batches follow from, besides data and seeds: any job has it. */
type OrderedJob = Pick<TrainingJob, 'seed' | 'steps' | 'stepsPerSegment' | 'segmentsPerWindow'> & {
  hyperparameters: { batchSize: number }
}

/** Leaf data of one step: u64be step (counting it as done), then per sample u32be id, image bytes, label byte. */
export function batchLeaf(step: number, batch: Uint32Array, data: DataSet): Uint8Array {
  const { images, labels, pixels } = data
  const row = 4 + pixels + 1
  const leaf = new Uint8Array(8 + batch.length * row)
  const view = new DataView(leaf.buffer)
  view.setBigUint64(0, BigInt(step))
  for (let i = 0; i < batch.length; i++) {
    const id = batch[i]!
    const at = 8 + i * row
    view.setUint32(at, id)
    leaf.set(images.subarray(id * pixels, (id + 1) * pixels), at + 4)
    leaf[at + row - 1] = labels[id]!
  }
  return leaf
}

/** Merkle root over a segment's batches, computed from data and seeds alone. */
export function batchRoot(args: {
  job: OrderedJob
  data: DataSet
  seeds: WindowSeeds
  segment: number
}): Uint8Array {
  const { job, data, seeds, segment } = args
  const { first, end } = scheduleOf(job).segmentSteps(segment)
  const order = dataOrder(trainingJobOf(job), data.samples, seeds, first)
  const batch = new Uint32Array(job.hyperparameters.batchSize)
  const tree = createMerkle()
  for (let step = first; step < end; step++) {
    order.next(batch)
    tree.push(batchLeaf(step + 1, batch, data))
  }
  return tree.root()
}

/** dataOrder reads schedule and batch size only, of whatever is trained; its type asks for a whole canonical job. */
function trainingJobOf(job: OrderedJob): TrainingJob {
  const { batchSize } = job.hyperparameters
  return {
    ...job,
    model: { kind: 'mlp', layers: [] },
    hyperparameters: { batchSize, learningRate: 0, momentum: 0 },
  }
}
