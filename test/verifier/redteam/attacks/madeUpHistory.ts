import { type Attack, BY_REPLAY, everySegment } from '../attack.ts'
import { stolenModel } from '../stolenModel.ts'
import { between, claim, countersAt, runFrom } from '../trainCheaply.ts'
import { randomOf, type World } from '../world.ts'

/** A path from the honest start to a stolen model, with momenta that fit it. */
function path(world: World, noise: number) {
  const random = randomOf(`path ${world.seed}`)
  const stolen = stolenModel(world)
  const { segments, stepsPerSegment } = world.size
  return runFrom(world, (segment) => {
    const share = (segment + 1) / segments
    const state = between(world.honest.initial, stolen, share)
    if (share < 1) {
      for (const values of state.params) {
        for (let i = 0; i < values.length; i++) values[i]! += noise * (random() - 0.5)
      }
    }
    const counters = countersAt(world, (segment + 1) * stepsPerSegment)
    return claim(world, segment, { ...state, ...counters }, world.honest.segments[segment]!.inner)
  })
}

export const madeUpHistory: Attack = {
  name: 'stolen model with a made-up history',
  how: 'checkpoints are points with noise between the honest start and a stolen model; nothing was trained',
  failedBy: BY_REPLAY,
  wrong: everySegment,
  run: (world) => path(world, 0.01),
}

/** Fang et al. 2023 (arXiv 2208.03567): in a Proof-of-Learning log the rate is the prover's to name. */
export const infinitesimalUpdates: Attack = {
  name: 'infinitesimal updates',
  how: 'the straight line to a stolen model, in steps too small to tell from a learning rate of nearly 0',
  failedBy: BY_REPLAY,
  wrong: everySegment,
  run: (world) => ({ ...path(world, 0), log: () => ({ rate: 1e-9 }) }),
}
