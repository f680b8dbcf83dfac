import { driftToBackdoor, driftUphill, driftWithinUsual } from './drift.ts'
import { inATenth, inHalf, learntSamples, noWayBack, smallDeltas, tuned } from './easySamples.ts'
import { extrapolated, frozenBiases, momentumOnly, reusedForBiases, sameAgain } from './guesses.ts'
import type { KnowingCheat } from './knowing.ts'
import { tf32, tf32FirstLayer, tf32LastStep, twoBf16 } from './shortNumbers.ts'

/** Cheats against tolerance mode by somebody who knows the thresholds and the code. */
export const knowingCheats: readonly KnowingCheat[] = [
  momentumOnly,
  sameAgain,
  extrapolated,
  frozenBiases,
  reusedForBiases,
  tf32,
  tf32FirstLayer,
  tf32LastStep,
  twoBf16,
  smallDeltas,
  noWayBack,
  learntSamples,
  inHalf,
  inATenth,
  tuned,
  driftToBackdoor,
  driftUphill,
  driftWithinUsual,
]
