import { PATHS } from '../bundle/paths.ts'
import type { Bundle } from '../bundle/read.ts'
import { checkpointRoot } from '../checkpointRoot.ts'
import { type Finding, fail } from '../verdict.ts'

/** Training began with the weights that the job's seed gives, and nothing learned before. */
export function checkInit(bundle: Bundle): Finding[] {
  const expected = bundle.initialRoot()
  const found = checkpointRoot(bundle.bytes(PATHS.checkpoint(0)))
  return found === expected ? [] : [fail(`checkpoint 0 is ${found}, the seed gives ${expected}`)]
}
