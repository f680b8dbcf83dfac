import { gradient } from '@trainyard/verifier/canonical/step.ts'
import type { DataSet, TrainState } from '@trainyard/verifier/canonical/types.ts'
import { createWorkspace, loadBatch } from '@trainyard/verifier/canonical/workspace.ts'
import { batchLeaf } from '@trainyard/verifier/hash/batchRoot.ts'
import { toHex } from '@trainyard/verifier/hash/hex.ts'
import { createMerkle } from '@trainyard/verifier/hash/merkle.ts'
import { type Attack, everySegment } from '../attack.ts'
import { stolenModel } from '../stolenModel.ts'
import { runFrom, type StepCheat, trainCheaply } from '../trainCheaply.ts'
import { randomOf, type World } from '../world.ts'

const CANDIDATES = 8

/**
 * After Zhang et al. 2022 (arXiv 2108.09454): batches are made so that training on them goes where the forger wants.
 * Theirs are optimised; these are the best of eight made-up ones, which is enough where it is the batch that is judged.
 */
export const adversarialBatches: Attack = {
  name: 'adversarial batches',
  how: 'each step uses the best of eight made-up batches, the one that leads nearest to a stolen model, and claims it',
  failedBy: ['batch', 'replay', 'inner'],
  wrong: everySegment,
  run(world) {
    const data = noiseLike(world)
    const chosen: Uint32Array[][] = []
    const run = runFrom(world, (segment, before) => {
      const own: Uint32Array[] = []
      const cheat: StepCheat = {
        data,
        batch(due, _, state) {
          own.push(bestOf(world, data, state, due.length))
          return own.at(-1)!
        },
      }
      const replay = trainCheaply(world, before, segment, cheat)
      chosen.push(own)
      return { ...replay, batchRoot: rootOf(world, data, segment, own) }
    })
    return { ...run, log: (segment) => ({ data, batch: (_, i) => chosen[segment]![i]! }) }
  },
}

/** As many samples as the job's data have, all made up. */
function noiseLike(world: World): DataSet {
  const random = randomOf(`synthetic ${world.seed}`)
  const { samples, pixels } = world.data
  return {
    samples,
    pixels,
    images: new Uint8Array(samples * pixels).map(() => 256 * random()),
    labels: new Uint8Array(samples).map(() => world.size.layers.at(-1)! * random()),
  }
}

function bestOf(world: World, data: DataSet, state: TrainState, length: number): Uint32Array {
  const random = randomOf(`candidates ${state.step} ${state.params[0]![0]}`)
  const target = stolenModel(world)
  let best: { batch: Uint32Array; towards: number } = { batch: new Uint32Array(length), towards: -Infinity }
  for (let candidate = 0; candidate < CANDIDATES; candidate++) {
    const work = createWorkspace(world.job.model.layers, length, data)
    work.batch.set(work.batch.map(() => data.samples * random()))
    loadBatch(work, data, length)
    gradient(work, state.params)
    const towards = work.gradients.reduce((sum, values, i) => {
      const want = (value: number, j: number) => -value * (target.params[i]![j]! - state.params[i]![j]!)
      return sum + values.reduce((inner, value, j) => inner + want(value, j), 0)
    }, 0)
    if (towards > best.towards) best = { batch: work.batch, towards }
  }
  return best.batch
}

function rootOf(world: World, data: DataSet, segment: number, batches: readonly Uint32Array[]) {
  const tree = createMerkle()
  const first = segment * world.size.stepsPerSegment
  for (const [i, batch] of batches.entries()) tree.push(batchLeaf(first + i + 1, batch, data))
  return toHex(tree.root())
}
