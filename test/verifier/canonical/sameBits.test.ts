import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TRAINER_DIR } from '@trainyard/verifier/trainerHash.ts'
import { afterAll, expect, test } from 'vitest'

/** Trains thirty steps of a model whose sizes leave remainders in every blocked loop; prints the last file. */
const SCRIPT = `
import { createHash } from 'node:crypto'
import { writeCheckpoint } from './checkpoint.mjs'
import { initialState } from './init.mjs'
import { trainSteps } from './train.mjs'
const [samples, pixels] = [90, 19]
const data = {
  images: new Uint8Array(samples * pixels).map((_, i) => (i * 97 + (i >> 4) * 31) % 256),
  labels: new Uint8Array(samples).map((_, i) => (i * i) % 5),
  samples,
  pixels,
}
const job = {
  model: { kind: 'mlp', layers: [pixels, 13, 6, 5] },
  seed: '0x' + '5b'.repeat(32),
  hyperparameters: { batchSize: 11, learningRate: 0.07, momentum: 0.9 },
  steps: 30, stepsPerSegment: 5, segmentsPerWindow: 2,
}
const seeds = [1, 2, 3].map((n) => '0x' + ('0' + n).repeat(32))
const hash = createHash('sha256')
const state = trainSteps({ job, data, seeds, state: initialState(job), fromStep: 0, toStep: 30,
  onStep: (report) => hash.update(report.lossBits + ',' + report.gradNormBits + ';') })
console.log(hash.update(writeCheckpoint(state)).digest('hex'))
`

const dir = mkdtempSync(join(tmpdir(), 'trainyard-bits-'))
afterAll(() => rmSync(dir, { recursive: true }))
mkdirSync(dir, { recursive: true })
// without its compilers V8 has no WebAssembly either, which Node needs to strip types
for (const name of readdirSync(TRAINER_DIR)) {
  const source = stripTypeScriptTypes(readFileSync(join(TRAINER_DIR, name), 'utf8'))
  writeFileSync(join(dir, name.replace('.ts', '.mjs')), source.replaceAll(".ts'", ".mjs'"))
}
writeFileSync(join(dir, 'script.mjs'), SCRIPT)

const run = (...flags: string[]) => {
  return execFileSync(process.execPath, [...flags, join(dir, 'script.mjs')], {
    encoding: 'utf8',
    timeout: 60_000,
  })
}

test('behavior: the same bits from the interpreter and from every compiler', () => {
  const bits = run()
  expect(bits).toMatch(/^[0-9a-f]{64}\n$/)
  expect(run('--jitless')).toBe(bits)
  expect(run('--no-opt')).toBe(bits)
  expect(run('--always-turbofan')).toBe(bits)
})
