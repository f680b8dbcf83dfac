import type { Bundle } from '../bundle/read.ts'
import { toHex } from '../hash/hex.ts'
import { innerRoot } from '../hash/innerRoot.ts'
import { jobSchedule } from '../job.ts'
import { type Finding, fail } from '../verdict.ts'

/** Loss and gradient norm of every step are those committed, and those of the replay, bit for bit. */
export function checkInner(bundle: Bundle): Finding[] {
  const schedule = jobSchedule(bundle.job())
  const uncommitted = bundle.leaves().flatMap((leaf, segment) => {
    const found = innerRoot(schedule.segmentSteps(segment).first, bundle.inner(segment))
    return toHex(found) === leaf.innerRoot
      ? []
      : [fail(`segment ${segment}: its file is not what was committed`)]
  })
  // Only now what may not be decidable here.
  return uncommitted.length > 0 ? uncommitted : differences(bundle)
}

function differences(bundle: Bundle): Finding[] {
  const replays = bundle.replays()
  const schedule = jobSchedule(bundle.job())
  return bundle.leaves().flatMap((leaf, segment) => {
    const inner = bundle.inner(segment)
    const replay = replays[segment]
    if (!replay || 'unreplayed' in replay || replay.innerRoot === leaf.innerRoot) return []
    const { first } = schedule.segmentSteps(segment)
    const at = replay.inner.findIndex(([loss, norm], i) => inner[i]?.[0] !== loss || inner[i]?.[1] !== norm)
    return [fail(`segment ${segment}: step ${first + at + 1} has other bits than its replay`)]
  })
}
