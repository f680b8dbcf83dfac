import { type Attack, BY_REPLAY, everySegment } from '../attack.ts'
import { stolenModel } from '../stolenModel.ts'
import { between, claim, countersAt, runFrom, trainCheaply } from '../trainCheaply.ts'
import type { World } from '../world.ts'

const Q = 2
const RATE = 2

/** The first Q segments of each epoch. */
function isValid(world: World, segment: number): boolean {
  const { batchSize, stepsPerSegment } = world.size
  const epochOf = (s: number) => Math.floor((s * stepsPerSegment * batchSize) / world.data.samples)
  return segment < Q || epochOf(segment) !== epochOf(segment - Q)
}

/** Fang et al. 2023: a verifier that re-executes the largest updates sees only those that were done. */
export const blindfoldTopQ: Attack = {
  name: 'blindfold top-Q',
  how: 'two segments an epoch are trained at twice the rate, so that they move most; the others creep to a stolen model',
  failedBy: BY_REPLAY,
  wrong: everySegment,
  run(world) {
    const log = (segment: number) => ({
      rate: isValid(world, segment) ? RATE * world.size.learningRate : 1e-9,
    })
    const run = runFrom(world, (segment, before, done) => {
      if (isValid(world, segment)) return trainCheaply(world, before, segment, log(segment))
      const counters = countersAt(world, (segment + 1) * world.size.stepsPerSegment)
      const state = { ...between(before, stolenModel(world), 1e-3), ...counters }
      return claim(world, segment, state, done.at(-1)!.inner)
    })
    return { ...run, log }
  },
}
