import type { Attack } from '../attack.ts'
import { stolenModel } from '../stolenModel.ts'
import { claim, copyOf, countersAt, runFrom, trainCheaply } from '../trainCheaply.ts'
import type { World } from '../world.ts'

/** Every segment of the first window: its evidence does not begin where the job does. */
const firstWindow = (world: World) =>
  Array.from({ length: world.size.segmentsPerWindow }, (_, segment) => segment)

export const oldModel: Attack = {
  name: 'old model re-used',
  how: 'training begins with a model that was trained before, and is honest from there on',
  failedBy: ['init'],
  // and the last, which answers for the whole chain of leaves
  wrong: (world) => [...firstWindow(world), world.size.segments - 1],
  run(world) {
    const initial = { ...copyOf(stolenModel(world)), ...countersAt(world, 0) }
    return runFrom(world, (segment, before) => trainCheaply(world, before, segment, {}), initial)
  },
}

export const jump: Attack = {
  name: 'jump to an old model',
  how: 'one segment jumps to a model that was trained before; everything around it is honest',
  failedBy: ['replay'],
  wrong: (world) => [world.size.segments >> 1],
  run: (world) =>
    runFrom(world, (segment, before) => {
      const trained = trainCheaply(world, before, segment, {})
      if (segment !== world.size.segments >> 1) return trained
      const counters = countersAt(world, trained.state.step)
      return claim(world, segment, { ...copyOf(stolenModel(world)), ...counters }, trained.inner)
    }),
}
