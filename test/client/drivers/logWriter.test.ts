import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { LogWriter } from '../../../client/src/drivers/process/logWriter.ts'

test('behavior: a disk without room costs lines, which is said, and nothing else', async () => {
  const disk = await mkdtemp(join(tmpdir(), 'trainyard-log-'))
  execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk])
  onTestFinished(async () => {
    execFileSync('/bin/umount', ['-l', disk])
    await rm(disk, { recursive: true, force: true })
  })
  const log = join(disk, 'log.jsonl')
  const writer = new LogWriter(log)
  const source = new PassThrough()
  writer.take(source, 'stdout')
  const say = async (line: string) => {
    source.write(`${line}\n`)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await say('before')
  const filler = join(disk, 'filler')
  await writeFile(filler, new Uint8Array(64 * 1024)).catch(() => undefined) // until there is no room
  await say('x'.repeat(8_000))
  await say('y'.repeat(8_000))
  await rm(filler)
  await say('after')
  writer.close()
  const text = await readFile(log, 'utf8')
  expect(text).toContain('before')
  expect(text).toMatch(/The disk was full: \d lines are lost here\./)
  expect(text).toContain('after')
})
