import { parseInner } from '@trainyard/verifier/bundle/inner.ts'
import { manifestSchema } from '@trainyard/verifier/bundle/manifest.ts'
import { orderRecordSchema } from '@trainyard/verifier/bundle/orderRecord.ts'
import { isInputError } from '@trainyard/verifier/bundle/read.ts'
import { bundleFiles } from '@trainyard/verifier/bundle/write.ts'
import { readCheckpoint } from '@trainyard/verifier/canonical/checkpoint.ts'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { readSafetensors } from '@trainyard/verifier/canonical/safetensors.ts'
import { evidenceSigner, parseEvidence } from '@trainyard/verifier/evidence.ts'
import { parseJob } from '@trainyard/verifier/job.ts'
import { parseJson } from '@trainyard/verifier/json.ts'
import { windowRoot } from '@trainyard/verifier/segment.ts'
import { expect, test } from 'vitest'
import { bundleParts, PROOFS } from '../../helpers/honestBundle.ts'
import { dice, mutate } from './mutate.ts'

const RUNS = 2_000
const files = bundleFiles(await bundleParts())

const useEvidence = (bytes: Uint8Array) => {
  const evidence = parseEvidence(bytes)
  windowRoot(evidence.leaves)
  evidenceSigner(evidence, { chainId: 1, proofs: PROOFS })
}

const cases: [string, string, (bytes: Uint8Array) => unknown][] = [
  ['job', 'job.json', parseJob],
  ['order', 'order.json', (bytes) => parseJson(bytes, orderRecordSchema, 'order', 1e6)],
  ['manifest', 'manifest.json', (bytes) => parseJson(bytes, manifestSchema, 'manifest', 1e6)],
  ['evidence', 'windows/0.json', useEvidence],
  ['inner', 'inner/0.json', parseInner],
  ['safetensors', 'checkpoints/4/state.safetensors', readSafetensors],
  ['checkpoint', 'checkpoints/4/state.safetensors', (bytes) => readCheckpoint(bytes, [4, 3, 2])],
  ['data set', 'data/train.safetensors', readDataSet],
]

test.for(cases)('behavior: a broken %s is rejected with a typed error', ([, path, parse]) => {
  const roll = dice(path.length)
  const honest = files.get(path)!
  parse(honest)
  let rejected = 0
  for (let run = 0; run < RUNS; run++) {
    const bytes = mutate(honest, roll)
    try {
      parse(bytes)
    } catch (error) {
      rejected++
      if (!isInputError(error)) throw error
    }
  }
  expect(rejected).toBeGreaterThan(RUNS / 2)
})
