import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { jobHash, jobSchedule, parseJob } from '@trainyard/verifier/job.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { expect, test } from 'vitest'
import { CONTEXT, chargptData } from '../../yard/src/sample/chargptData.ts'
import { chargptJob } from '../../yard/src/sample/chargptJob.ts'

const data = chargptData()
const folder = join('yard', 'samples', 'chargpt')
const image = `sha256:${'0'.repeat(64)}`
const train = readDataSet(data.train)
const heldOut = readDataSet(data.heldOut)

/** Text of a row and of the character after it. */
const rowsOf = ({ images, labels, samples }: typeof train) =>
  Array.from({ length: samples }, (_, row) =>
    Buffer.from([...images.subarray(row * CONTEXT, (row + 1) * CONTEXT), labels[row]!]).toString('latin1'),
  )

test('default: the data files are the same on every machine', async () => {
  expect((await addBytes(data.train)).cid).toMatchInlineSnapshot(
    `"bafkreigl4pbzqsf4ra6jcsapya2yej6ekuh3fpez5odkm7e6cu7cii7gsa"`,
  )
  expect((await addBytes(data.heldOut)).cid).toMatchInlineSnapshot(
    `"bafkreigcck6wpbdykbknuoou7h55erlwnpoa5ocbmqc2ckpwkiunltcr7i"`,
  )
  expect([train.samples, heldOut.samples]).toEqual([3120, 716])
})

test('behavior: the texts are verbatim, as their terms ask', () => {
  const listed = [
    ...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/\| `(.*\.txt)` .*`([0-9a-f]{64})` \|/g),
  ]
  expect(listed).toHaveLength(6)
  for (const [, name, hash] of listed) {
    const bytes = readFileSync(join(folder, 'texts', name!))
    expect(createHash('sha256').update(bytes).digest('hex'), name).toBe(hash)
    expect(bytes.toString('latin1').replaceAll(/\s+/g, ' ')).toMatch(
      /permitted to copy and distribute verbatim copies of this license document, but changing it is not allowed/,
    )
  }
})

test('behavior: rows overlap by half, and hardly any held-out row was trained on', () => {
  const rows = rowsOf(train)
  expect(rows[1]!.slice(0, 33)).toBe(rows[0]!.slice(32))
  for (const { images } of [train, heldOut]) expect(images.every((byte) => byte < 128)).toBe(true)
  const names = ['GPL-1', 'GPL-2', 'GPL-3', 'LGPL-2.1', 'LGPL-3']
  const seen = names.map((name) => readFileSync(join(folder, 'texts', `${name}.txt`), 'latin1')).join('\n')
  const known = rowsOf(heldOut).filter((row) => seen.includes(row))
  expect(known.length / heldOut.samples).toBeLessThan(0.03)
})

test('behavior: the job is one that a seller can parse, and its draws cover its windows', () => {
  const cid = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
  const job = chargptJob({ image, trainCid: cid, heldOutCid: cid })
  expect(parseJob(canonicalBytes(job))).toEqual(job)
  expect(jobHash(job)).not.toBe(jobHash({ ...job, hyperparameters: { ...job.hyperparameters, beta1: 0.8 } }))
  const { segments, windows } = jobSchedule(job)
  expect([segments, windows]).toEqual([16, 2])
  expect(job.proof.draws).toBeGreaterThanOrEqual(windows)
})
