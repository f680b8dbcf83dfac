import type { Bundle } from '../bundle/read.ts'
import { requireTrainer } from '../bundle/replayAll.ts'
import { batchRoot } from '../hash/batchRoot.ts'
import { toHex } from '../hash/hex.ts'
import { type Finding, fail } from '../verdict.ts'

/** Each segment claims the batches that data and seeds give; they are computed, never taken from the seller. */
export function checkBatch(bundle: Bundle): Finding[] {
  requireTrainer(bundle)
  const [job, data, seeds] = [bundle.job(), bundle.train(), bundle.seeds()]
  return bundle.leaves().flatMap((leaf, segment) => {
    const expected = toHex(batchRoot({ job, data, seeds, segment }))
    return leaf.batchRoot === expected
      ? []
      : [fail(`segment ${segment} claims other batches than its seed gives`)]
  })
}
