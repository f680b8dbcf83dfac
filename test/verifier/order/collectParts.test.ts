import { bundleFiles } from '@trainyard/verifier/bundle/write.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { rawCid } from '@trainyard/verifier/content/rawCid.ts'
import { InputInvalid } from '@trainyard/verifier/errors.ts'
import { collectNamed } from '@trainyard/verifier/order/collectParts.ts'
import { OrderInvalid } from '@trainyard/verifier/order/errors.ts'
import { resultIndex } from '@trainyard/verifier/resultIndex.ts'
import { expect, test } from 'vitest'
import { bundleParts } from '../../helpers/honestBundle.ts'

const parts = await bundleParts()
const files = bundleFiles(parts)
const cidOf = async (bytes: Uint8Array) => (await addBytes(bytes)).cid
const index = await resultIndex(parts.result!)
const store = new Map<string, Uint8Array>([[rawCid(parts.order.jobHash), files.get('job.json')!]])
for (const bytes of [...files.values(), index]) store.set(await cidOf(bytes), bytes)

const get = async (cid: string, maxBytes: number) => {
  const bytes = store.get(cid)
  if (!bytes || bytes.length > maxBytes) throw new Error(`no ${cid}`)
  return bytes
}

test('default: all that an order names by content, from its record alone', async () => {
  const { checkpoints: _, inner: __, progress: ___, ...named } = parts
  expect(await collectNamed(parts.order, get)).toEqual(named)
})

test('error: evidence that is none is held against the seller, a job that is none is not', async () => {
  const instead = (wrong: string) => async (cid: string, maxBytes: number) =>
    cid === wrong ? new TextEncoder().encode('{}') : get(cid, maxBytes)
  const evidence = parts.order.windows[1]!.evidence
  await expect(collectNamed(parts.order, instead(evidence))).rejects.toThrow(OrderInvalid)
  await expect(collectNamed(parts.order, instead(rawCid(parts.order.jobHash)))).rejects.toThrow(InputInvalid)
  await expect(collectNamed(parts.order, instead(parts.order.resultCid))).rejects.toThrow(InputInvalid)
})
