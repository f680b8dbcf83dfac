import { expect, test } from 'vitest'
import { honestBundle } from '../../helpers/honestBundle.ts'
import { expectOnly } from './expectOnly.ts'

test('error: claims a data cursor that its steps do not give', async () => {
  const rngRoot = `0x${'77'.repeat(32)}` as const
  const dir = await honestBundle({ leaf: (leaf) => (leaf.segment === 3 ? { ...leaf, rngRoot } : leaf) })
  expect((await expectOnly('rng', dir)).detail).toContain('segment 3')
})
