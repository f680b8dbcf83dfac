import { InputInvalid } from '@trainyard/verifier/errors.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { outputIndexBytes, parseOutputIndex } from '@trainyard/verifier/outputIndex.ts'
import { inputsOf, isRental, parseAnyJob } from '@trainyard/verifier/rental.ts'
import { termsOfJob } from '@trainyard/verifier/termsOfJob.ts'
import { expect, test } from 'vitest'
import { sampleJob as sample } from '../market-ui/sampleJob.ts'

const sampleJob = parseAnyJob(sample.bytes)
const cid = 'bafkreiauez34ozpcgweynee6jt25xrhau63ejwdgyrqpya77qdppqjzfiq'
const program = {
  version: 3,
  name: 'render',
  environment: { profile: 'image', image: `sha256:${'ab'.repeat(32)}` },
  files: [{ name: 'scene.bin', cid }],
  access: 'public',
  proof: { mode: 'none' },
}
const parse = (job: unknown) => parseAnyJob(canonicalBytes(job))

test('default: any program, or a training job, without proof; its order has none of a proof’s numbers', () => {
  expect(inputsOf(parse(program))).toEqual(program.files)
  const training = parse({ ...sampleJob, proof: { mode: 'none' } })
  expect([isRental(training), isRental(parse(sampleJob))]).toEqual([true, false])
  for (const job of [parse(program), training])
    expect(termsOfJob(job, { offerId: 1n, maxSeconds: 60, stepMicros: 5000 })).toMatchObject({
      ...{ mode: 'None', steps: 0, stepsPerSegment: 0, segmentsPerWindow: 0, draws: 0, stepMicros: 0 },
      ...{ maxSeconds: 60, unauditedShareBps: 0, vouched: false },
    })
})

test.for([
  ['a program that is to be proved', { proof: { mode: 'bitwise', draws: 2 } }],
  ['draws without proof', { proof: { mode: 'none', draws: 2 } }],
  ['a file that leads out', { files: [{ name: '../x', cid }] }],
  ['a hidden file', { files: [{ name: '.x', cid }] }],
  ['one name twice', { files: [program.files[0], program.files[0]] }],
  ['an unknown field', { steps: 4 }],
] as const)('error: %s', ([, change]) => {
  expect(() => parse({ ...program, ...change })).toThrow(InputInvalid)
})

test('default: a result names its files; error: none of them leads out', () => {
  const index = { files: [{ path: 'a/b.txt', bytes: 3, cid }] }
  expect(parseOutputIndex(outputIndexBytes(index))).toEqual(index)
  for (const path of ['/etc/passwd', '../x', 'a/../../x', 'a//b', './a', 'a\\b', '', 'x'.repeat(600)])
    expect(() => parseOutputIndex(outputIndexBytes({ files: [{ path, bytes: 3, cid }] }))).toThrow(
      InputInvalid,
    )
})
