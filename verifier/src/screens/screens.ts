import { jobSchedule } from '../job.ts'
import { screenAccuracy } from './accuracy.ts'
import { screenContinuity } from './continuity.ts'
import { screenDistanceFalling } from './distanceFalling.ts'
import { screenInitialDistance } from './initialDistance.ts'
import { screenInitialDistribution } from './initialDistribution.ts'
import { screenInitialIndependence } from './initialIndependence.ts'
import { screenLossContinuity } from './lossContinuity.ts'
import { screenMemorisation } from './memorisation.ts'
import type { ScreenId, ScreenResult, ScreenRun } from './screenRun.ts'
import { screenTiming } from './timing.ts'
import { screenUpdateCosine } from './updateCosine.ts'
import { screenUpdateNorm } from './updateNorm.ts'

type Screen = (run: ScreenRun) => ScreenResult

/** docs/screens.md says what each sees, and how often it errs. */
export const screens: Readonly<Record<ScreenId, Screen>> = {
  accuracy: screenAccuracy,
  continuity: screenContinuity,
  'initial-distribution': screenInitialDistribution,
  'initial-independence': screenInitialIndependence,
  'distance-falling': screenDistanceFalling,
  'initial-distance': screenInitialDistance,
  'loss-continuity': screenLossContinuity,
  'update-norm': screenUpdateNorm,
  'update-cosine': screenUpdateCosine,
  memorisation: screenMemorisation,
  timing: (run) => screenTiming(run, jobSchedule(run.job)),
}
