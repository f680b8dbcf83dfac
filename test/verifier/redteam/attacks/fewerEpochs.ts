import { type Attack, BY_REPLAY } from '../attack.ts'
import { claim, copyOf, countersAt, runFrom, trainCheaply } from '../trainCheaply.ts'
import type { World } from '../world.ts'

const idle = (world: World) => {
  const { segments } = world.size
  return world.honest.segments.map((_, s) => s).filter((s) => s >= 0.6 * segments && s + 1 < segments)
}

export const fewerEpochs: Attack = {
  name: 'fewer epochs',
  how: 'training stops after 60 % of the segments; the state stays, only its counters go on; the last is trained',
  failedBy: BY_REPLAY,
  wrong: idle,
  run(world) {
    const skipped = new Set(idle(world))
    return runFrom(world, (segment, before, done) => {
      if (!skipped.has(segment)) return trainCheaply(world, before, segment, {})
      const counters = countersAt(world, (segment + 1) * world.size.stepsPerSegment)
      return claim(world, segment, { ...copyOf(before), ...counters }, done.at(-1)!.inner)
    })
  },
}
