import { extrapolateState } from '../../../../yard/src/cheats/extrapolateState.ts'
import { type Attack, BY_REPLAY } from '../attack.ts'
import { claim, countersAt, runFrom, trainCheaply } from '../trainCheaply.ts'
import type { World } from '../world.ts'

/** Honest where every audit looks, first and last. */
const faked = (world: World) =>
  world.honest.segments.map((_, segment) => segment).filter((s) => s % 2 === 1 && s + 1 < world.size.segments)

export const interpolate: Attack = {
  name: 'interpolate every second segment',
  how: 'every second segment is the line through the two states before it, continued; the others are trained',
  failedBy: BY_REPLAY,
  wrong: faked,
  run(world) {
    const fakes = new Set(faked(world))
    return runFrom(world, (segment, before, done) => {
      if (!fakes.has(segment)) return trainCheaply(world, before, segment, {})
      const earlier = done.at(-2)?.state ?? world.honest.initial
      const step = (segment + 1) * world.size.stepsPerSegment
      return claim(
        world,
        segment,
        extrapolateState(earlier, before, countersAt(world, step)),
        done.at(-1)!.inner,
      )
    })
  },
}
