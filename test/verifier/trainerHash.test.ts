import { appendFileSync, cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TRAINER_DIR, trainerHash } from '@trainyard/verifier/trainerHash.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'trainyard-trainer-'))
  cpSync(TRAINER_DIR, dir, { recursive: true })
})
afterEach(() => rmSync(dir, { recursive: true }))

test('default', () => expect(trainerHash(dir)).toBe(trainerHash()))

test('behavior: another byte or another name is another trainer', () => {
  appendFileSync(join(dir, 'step.ts'), '\n')
  const changed = trainerHash(dir)
  expect(changed).not.toBe(trainerHash())
  renameSync(join(dir, 'step.ts'), join(dir, 'steps.ts'))
  expect(trainerHash(dir)).not.toBe(changed)
})
