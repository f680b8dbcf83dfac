import type { TrainState } from '@trainyard/verifier/canonical/types.ts'

/** How far past the last trained state a made-up one lies, in units of the last trained segment's move. */
const STRIDE = 0.5

/**
 * A made-up state: the straight line through the last two states, continued. It costs no gradient, its loss is
 * plausible and its update small, so only a replay can tell it from training.
 * @param counters the step, epoch and cursor that an honest run would have there
 */
export function extrapolateState(
  before: TrainState,
  last: TrainState,
  counters: Pick<TrainState, 'step' | 'epoch' | 'cursor'>,
): TrainState {
  return {
    ...counters,
    params: last.params.map((values, i) =>
      values.map((value, j) => value + STRIDE * (value - before.params[i]![j]!)),
    ),
    momenta: last.momenta.map((values) => Float32Array.from(values)),
  }
}
