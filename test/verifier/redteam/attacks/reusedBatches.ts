import { type Attack, BY_REPLAY, everySegment } from '../attack.ts'
import { cheatThroughout, type StepCheat } from '../trainCheaply.ts'

/** A new one each segment: it remembers the segment's first batch. */
function reuse(): StepCheat {
  let first = new Uint32Array()
  return {
    batch(due, i) {
      if (i === 0) first = due.slice()
      return first
    },
  }
}

export const reusedBatches: Attack = {
  name: 'reused batches',
  how: 'all steps of a segment use its first batch, which is loaded once',
  failedBy: BY_REPLAY,
  wrong: everySegment,
  run: (world) => ({ ...cheatThroughout(world, reuse()), log: reuse }),
}
