import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { OutputRefused } from '../../../client/src/drivers/driverErrors.ts'
import { removeOutputFile } from '../../../client/src/drivers/removeOutputFile.ts'

const root = mkdtempSync(join(tmpdir(), 'trainyard-remove-'))
let jobDir = ''
let count = 0

beforeEach(() => {
  jobDir = join(root, String(++count))
  mkdirSync(join(jobDir, 'out/checkpoints/32'), { recursive: true })
  mkdirSync(join(jobDir, 'in'))
  writeFileSync(join(jobDir, 'in/state.safetensors'), 'the daemon’s own')
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const isLinux = process.platform === 'linux'
const checkpoint = 'checkpoints/32/state.safetensors'

test.runIf(isLinux)('default: the file is gone, and its folder is not', async () => {
  writeFileSync(join(jobDir, 'out', checkpoint), 'weights')
  await removeOutputFile(jobDir, checkpoint)
  expect(existsSync(join(jobDir, 'out', checkpoint))).toBe(false)
  expect(existsSync(join(jobDir, 'out/checkpoints/32'))).toBe(true)
})

test('behavior: nothing to delete is fine', async () => {
  await removeOutputFile(jobDir, checkpoint)
  await removeOutputFile(jobDir, 'checkpoints/64/state.safetensors')
})

test.runIf(isLinux)('behavior: a link in its place is deleted, not what it leads to', async () => {
  symlinkSync(join(jobDir, 'in/state.safetensors'), join(jobDir, 'out', checkpoint))
  await removeOutputFile(jobDir, checkpoint)
  expect(existsSync(join(jobDir, 'out', checkpoint))).toBe(false)
  expect(readFileSync(join(jobDir, 'in/state.safetensors'), 'utf8')).toBe('the daemon’s own')
})

test.runIf(isLinux)('error: a link on the way is not followed', async () => {
  rmSync(join(jobDir, 'out/checkpoints/32'), { recursive: true })
  symlinkSync('../../in', join(jobDir, 'out/checkpoints/32'))
  await expect(removeOutputFile(jobDir, checkpoint)).rejects.toBeInstanceOf(OutputRefused)
  expect(existsSync(join(jobDir, 'in/state.safetensors'))).toBe(true)
})
