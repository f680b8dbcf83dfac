import { PATHS } from '../bundle/paths.ts'
import type { Bundle } from '../bundle/read.ts'
import { checkpointRoot } from '../checkpointRoot.ts'
import { type Finding, fail } from '../verdict.ts'

/** Training began with the weights that the job's seed gives, and nothing learned before, or with what the chain says was proved. */
export function checkInit(bundle: Bundle): Finding[] {
  const expected = bundle.initialRoot()
  const found = checkpointRoot(bundle.bytes(PATHS.checkpoint(0)))
  const { resumed } = bundle.order()
  const whose = resumed ? `window ${resumed.window} of order ${resumed.orderId} ended in` : 'the seed gives'
  return found === expected ? [] : [fail(`checkpoint 0 is ${found}, ${whose} ${expected}`)]
}
