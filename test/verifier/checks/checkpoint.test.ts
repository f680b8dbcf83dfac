import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { honestBundle } from '../../helpers/honestBundle.ts'
import { flipByte, tamperBundle } from '../../helpers/tamperBundle.ts'
import { expectOnly } from './expectOnly.ts'

test('error: a checkpoint in which one bit of one weight is other than claimed', async () => {
  const dir = await honestBundle()
  tamperBundle(dir, { 'checkpoints/4/state.safetensors': (bytes) => flipByte(bytes, bytes.length - 3) })
  expect((await expectOnly('checkpoint', dir)).detail).toContain('checkpoint 4 is 0x')
})

test('error: a checkpoint of another step', async () => {
  const dir = await honestBundle()
  const other = await honestBundle({ windows: 1 })
  tamperBundle(dir, {
    'checkpoints/8/state.safetensors': () => readFileSync(`${other}/checkpoints/4/state.safetensors`),
  })
  expect((await expectOnly('checkpoint', dir)).detail).toBe('checkpoint 8 is of step 4')
})
