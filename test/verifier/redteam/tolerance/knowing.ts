import type { Level } from '@trainyard/verifier/tolerance/profile.ts'
import type { Run } from '../attack.ts'
import { runFrom } from '../trainCheaply.ts'
import type { World } from '../world.ts'
import { type Meter, type Trick, trainWithTrick } from './cheapSteps.ts'

/** A cheat that knows the verifier's code and how far off it may be: it takes no more room than it thinks that it has. */
export type KnowingCheat = {
  name: string
  how: string
  run: (world: World, room: Level) => { run: Run; meter: Meter }
}

/** A run with a trick in each of its segments, or in some. */
export function trickThroughout(world: World, trick: (segment: number) => Trick): { run: Run; meter: Meter } {
  const meter = { asked: 0, done: 0, short: 0 }
  const run = runFrom(world, (segment, before) =>
    trainWithTrick(world, before, segment, trick(segment), meter),
  )
  return { run, meter }
}
