import { type Attack, everySegment } from '../attack.ts'
import { openWorld } from '../world.ts'

export const copiedRoots: Attack = {
  name: 'copied roots',
  how: "another seller's order of the same job, its leaves signed as this seller's for this order",
  failedBy: ['batch', 'replay', 'inner'],
  wrong: everySegment,
  run: async (world) => (await openWorld(world.size, world.seed, '8')).honest,
}
