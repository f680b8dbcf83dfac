import type { Bundle } from '../bundle/read.ts'
import { toHex } from '../hash/hex.ts'
import { rngRoot } from '../hash/rngRoot.ts'
import { jobSchedule } from '../job.ts'
import { type Finding, fail } from '../verdict.ts'

/** Each segment claims the counters and data cursor that its last step has by arithmetic alone. */
export function checkRng(bundle: Bundle): Finding[] {
  const job = bundle.job()
  const { samples } = bundle.train()
  const schedule = jobSchedule(job)
  return bundle.leaves().flatMap((leaf, segment) => {
    const step = schedule.segmentSteps(segment).end
    const consumed = step * job.hyperparameters.batchSize
    const counters = { step, epoch: Math.floor(consumed / samples), cursor: consumed % samples }
    const expected = toHex(rngRoot(counters))
    return leaf.rngRoot === expected
      ? []
      : [fail(`segment ${segment} claims other counters than its steps give`)]
  })
}
