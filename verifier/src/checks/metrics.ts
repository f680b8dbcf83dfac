import { PATHS } from '../bundle/paths.ts'
import type { Bundle } from '../bundle/read.ts'
import { type Finding, fail } from '../verdict.ts'

/** Held-out accuracy and loss are those of the last checkpoint, computed here. */
export function checkMetrics(bundle: Bundle): Finding[] {
  const expected = bundle.metrics()
  if (!expected) return []
  if (Buffer.compare(bundle.bytes(PATHS.metrics), expected) === 0) return []
  return [fail(`${PATHS.metrics} should be ${new TextDecoder().decode(expected)}`)]
}
