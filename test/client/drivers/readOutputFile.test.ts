import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { OutputRefused } from '../../../client/src/drivers/driverErrors.ts'
import { readOutputFile } from '../../../client/src/drivers/readOutputFile.ts'
import { openFolder } from '../../helpers/driverRun.ts'

const folder = openFolder('output')
let jobDir = ''
let count = 0

beforeEach(() => {
  count += 1
  jobDir = join(folder, String(count))
  mkdirSync(join(jobDir, 'out/checkpoints/32'), { recursive: true })
  writeFileSync(join(jobDir, 'spec.json'), 'secret')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const read = (path: string, maxBytes = 100) => readOutputFile(jobDir, path, maxBytes)

describe('readOutputFile', () => {
  test('default', async () => {
    writeFileSync(join(jobDir, 'out/checkpoints/32/state.safetensors'), 'weights')
    expect((await read('checkpoints/32/state.safetensors')).toString()).toBe('weights')
    writeFileSync(join(jobDir, 'out/empty'), '')
    expect(await read('empty')).toHaveLength(0)
  })

  test('behavior: exactly maxBytes are fine, one more is refused', async () => {
    writeFileSync(join(jobDir, 'out/full'), 'x'.repeat(100))
    expect(await read('full')).toHaveLength(100)
    writeFileSync(join(jobDir, 'out/full'), 'x'.repeat(101))
    await expect(read('full')).rejects.toThrow(/101 bytes where at most 100/)
  })

  test('behavior: a huge sparse file is refused before memory is taken for it', async () => {
    writeFileSync(join(jobDir, 'out/sparse'), '')
    truncateSync(join(jobDir, 'out/sparse'), 2 ** 40)
    await expect(read('sparse')).rejects.toBeInstanceOf(OutputRefused)
  })

  test('error: a file that is not there', async () => {
    await expect(read('nothing')).rejects.toThrow(/ENOENT/)
  })

  test('error: a link as the file', async () => {
    symlinkSync('../spec.json', join(jobDir, 'out/link'))
    await expect(read('link')).rejects.toThrow(/symbolic link/)
  })

  test('error: a link as a folder on the way', async () => {
    symlinkSync('..', join(jobDir, 'out/up'))
    await expect(read('up/spec.json')).rejects.toThrow(/symbolic link/)
    symlinkSync('/etc', join(jobDir, 'out/checkpoints/etc'))
    await expect(read('checkpoints/etc/hostname')).rejects.toThrow(/symbolic link/)
  })

  test('error: out itself is a link', async () => {
    rmSync(join(jobDir, 'out'), { recursive: true })
    symlinkSync('/etc', join(jobDir, 'out'))
    await expect(read('hostname')).rejects.toThrow(/symbolic link/)
  })

  test('error: paths that leave out or are not plain', async () => {
    for (const path of [
      '../spec.json',
      '/etc/hostname',
      'a//b',
      './a',
      '',
      'a/../a',
      'a\0b',
      `${'a/'.repeat(20)}b`,
    ]) {
      await expect(read(path)).rejects.toBeInstanceOf(OutputRefused)
    }
  })

  test('error: a FIFO, a socket, a folder; none of them makes it wait', async () => {
    execFileSync('mkfifo', [join(jobDir, 'out/fifo')])
    await expect(read('fifo')).rejects.toThrow(/not a regular file/)
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(join(jobDir, 'out/socket'), resolve))
    await expect(read('socket')).rejects.toThrow(/not a regular file/)
    server.close()
    await expect(read('checkpoints')).rejects.toThrow(/not a regular file/)
  })

  test('error: a file in place of a folder', async () => {
    writeFileSync(join(jobDir, 'out/file'), 'x')
    await expect(read('file/inner')).rejects.toThrow(/not a directory/)
  })
})
