import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { expect, test } from 'vitest'
import { honestBundle } from '../../helpers/honestBundle.ts'
import { editText, flipByte, tamperBundle } from '../../helpers/tamperBundle.ts'
import { expectOnly } from './expectOnly.ts'

const MODEL = 'result/model.safetensors'

test('error: another model than was trained, under its own CID', async () => {
  const dir = await honestBundle()
  const swapped = flipByte(readFileSync(join(dir, MODEL)), -2)
  const { cid } = await addBytes(swapped)
  tamperBundle(dir, {
    [MODEL]: () => swapped,
    'order.json': editText((text) => text.replace(/"resultCid":"\w+"/, `"resultCid":"${cid}"`)),
  })
  expect((await expectOnly('model', dir)).detail).toContain("is not checkpoint 10's weights")
})

test('error: the order names another result', async () => {
  const dir = await honestBundle({ order: (order) => ({ ...order, resultCid: order.windows[0]!.evidence }) })
  expect((await expectOnly('model', dir)).detail).toContain("the order's result is b")
})
