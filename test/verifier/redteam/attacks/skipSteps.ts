import { type Attack, BY_REPLAY, everySegment } from '../attack.ts'
import { cheatThroughout } from '../trainCheaply.ts'

export const skipSteps: Attack = {
  name: 'skip steps',
  how: 'every second step of each segment is left out, its loss is that of the step before',
  failedBy: BY_REPLAY,
  wrong: everySegment,
  run: (world) => cheatThroughout(world, { skips: (i) => i % 2 === 1 }),
}
