import { expect, test } from 'vitest'
import { honestBundle } from '../../helpers/honestBundle.ts'
import { flipByte } from '../../helpers/tamperBundle.ts'
import { expectOnly } from './expectOnly.ts'

test('error: trained on other data than the job names', async () => {
  const dir = await honestBundle({ train: (file) => flipByte(file, file.length - 20) })
  expect((await expectOnly('data', dir)).detail).toContain('data/train.safetensors is b')
})

test('error: measured on other data than the job names', async () => {
  const dir = await honestBundle({ heldOut: (file) => flipByte(file, -20) })
  expect((await expectOnly('data', dir)).detail).toContain('data/heldOut.safetensors is b')
})
