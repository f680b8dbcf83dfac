import { expect, test } from 'vitest'
import { honestBundle } from '../../helpers/honestBundle.ts'
import { expectOnly } from './expectOnly.ts'

test('error: claims batches that the seed does not give', async () => {
  const batchRoot = `0x${'77'.repeat(32)}` as const
  const dir = await honestBundle({ leaf: (leaf) => (leaf.segment === 3 ? { ...leaf, batchRoot } : leaf) })
  expect((await expectOnly('batch', dir)).detail).toContain('segment 3')
})
