import { toHex } from '@trainyard/verifier/hash/hex.ts'
import { innerRoot } from '@trainyard/verifier/hash/innerRoot.ts'
import { expect, test } from 'vitest'
import { honestBundle } from '../../helpers/honestBundle.ts'
import { editText, tamperBundle } from '../../helpers/tamperBundle.ts'
import { expectOnly } from './expectOnly.ts'

test('error: a loss in one step that is one bit off, committed and shown alike', async () => {
  const dir = await honestBundle({
    replay(segment, replay) {
      if (segment !== 2) return replay
      const [[loss, norm], second] = replay.inner as [[number, number], [number, number]]
      const inner = [[loss + 1, norm] as const, second]
      return { ...replay, inner, innerRoot: toHex(innerRoot(4, inner)) }
    },
  })
  expect((await expectOnly('inner', dir)).detail).toBe('segment 2: step 5 has other bits than its replay')
})

test('error: inner values that are not those committed', async () => {
  const dir = await honestBundle({ windows: 1 })
  const bits = /(\d+)\],\[(\d+),(\d+)\]\]/
  tamperBundle(dir, { 'inner/0.json': editText((text) => text.replace(bits, '$1],[$2,7]]')) })
  tamperBundle(dir, {
    'progress.jsonl': editText((text) => text.replace(/("step":2,.*"gradNormBits":)\d+/, '$17')),
  })
  expect((await expectOnly('inner', dir)).detail).toBe('segment 0: its file is not what was committed')
})
