import { expect, test } from 'vitest'
import { runFuzz } from './runFuzz.ts'
import { targets } from './targets.ts'

const INPUTS = 2_000
const LIMIT_MS = 10_000 // none takes a millisecond: this is for a machine that does something else too

test.for(targets)('behavior: no broken $name passes, and each is refused with a typed error', (target) => {
  const inputs = target.isCostly ? INPUTS / 10 : INPUTS
  const { rejected, other } = runFuzz(target, inputs, target.name.length, LIMIT_MS)
  expect(rejected + other).toBeGreaterThan(inputs / 2)
})
