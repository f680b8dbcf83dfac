import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digitsJob } from '@trainyard/market-ui/templates/digitsJob.ts'
import type { CanonicalJob } from '@trainyard/verifier/job.ts'

export const digitsFolder = join(import.meta.dirname, '..', '..', 'yard', 'samples', 'digits')

/** The sample job as a trainer sees it: identities and CIDs play no part in its arithmetic. */
export const job: CanonicalJob = digitsJob({
  trainerHash: `0x${'0'.repeat(64)}`,
  trainCid: '',
  heldOutCid: '',
})
export const seeds = ['1', '2', '3', '4'].map((digit) => `0x${digit.repeat(64)}`)

/** A job folder with everything the trainer needs from its start, seeds included. */
export function makeJobFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-bench-'))
  for (const sub of ['data', 'in/windows', 'out']) mkdirSync(join(folder, sub), { recursive: true })
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(job))
  for (const name of ['train', 'heldOut']) {
    cpSync(join(digitsFolder, `${name}.safetensors`), join(folder, 'data', `${name}.safetensors`))
  }
  seeds.forEach((seed, i) => {
    writeFileSync(join(folder, 'in', 'windows', `${i}.json`), JSON.stringify({ seed }))
  })
  return folder
}
