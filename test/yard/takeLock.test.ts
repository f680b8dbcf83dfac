import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { takeLock } from '../../yard/src/processes/takeLock.ts'

function setup() {
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'yard.lock')
}

test('default', () => {
  const file = setup()
  const lock = takeLock(file)
  expect(readFileSync(file, 'utf8')).toBe(String(process.pid))
  lock.release()
  expect(() => readFileSync(file)).toThrow('ENOENT')
})

test('behavior: a lock left by a dead process is taken over', () => {
  const file = setup()
  const dead = spawnSync(process.execPath, ['-e', ''])
  writeFileSync(file, String(dead.pid))
  expect(() => takeLock(file)).not.toThrow()
})

test('error: a living process holds it', () => {
  const file = setup()
  writeFileSync(file, String(process.ppid))
  expect(() => takeLock(file)).toThrow(/Another yard .* is running/)
  expect(readFileSync(file, 'utf8')).toBe(String(process.ppid))
})
