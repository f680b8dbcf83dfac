import { type Attack, BY_REPLAY, everySegment } from '../attack.ts'
import { cheatThroughout, type StepCheat } from '../trainCheaply.ts'

const cheat: StepCheat = { batch: (due) => due.slice().reverse() }

export const orderWithinBatch: Attack = {
  name: 'order within a batch',
  how: 'each batch is summed from its last sample to its first: the same mathematics, other roundings',
  failedBy: BY_REPLAY,
  wrong: everySegment,
  run: (world) => ({ ...cheatThroughout(world, cheat), log: () => cheat }),
}
