import { type Attack, BY_REPLAY, everySegment } from '../attack.ts'
import { cheatThroughout, type StepCheat } from '../trainCheaply.ts'

const cheat: StepCheat = { batch: (due) => due.subarray(0, due.length >> 1) }

export const halfBatches: Attack = {
  name: 'half batches',
  how: 'each step uses the first half of its batch',
  failedBy: BY_REPLAY,
  wrong: everySegment,
  run: (world) => ({ ...cheatThroughout(world, cheat), log: () => cheat }),
}
