import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyBundle } from '@trainyard/verifier/bundle/verify.ts'
import { expect, test } from 'vitest'
import { honestBundle } from '../../helpers/honestBundle.ts'
import { editText, tamperBundle } from '../../helpers/tamperBundle.ts'
import { expectOnly } from './expectOnly.ts'

const manifest = async (dir: string) => {
  const { verdict, checks } = await verifyBundle(dir)
  expect(verdict).toBe('invalid')
  return checks.find(({ id }) => id === 'manifest')!
}

test("error: a listed hash that is not the file's", async () => {
  const dir = await honestBundle()
  const edit = editText((text) => text.replace(/("data\/heldOut[^}]*"sha256":"0x)(..)/, '$1ff'))
  const path = join(dir, 'manifest.json')
  writeFileSync(path, edit(readFileSync(path)))
  const { detail } = await expectOnly('manifest', dir)
  expect(detail).toBe('data/heldOut.safetensors was changed')
})

test('error: a file that nobody listed', async () => {
  const dir = await honestBundle()
  writeFileSync(join(dir, 'notes.txt'), 'trust me')
  expect(await manifest(dir)).toMatchObject({ status: 'fail', detail: 'notes.txt is not listed' })
})

test('error: a link, even to a file with the right bytes', async () => {
  const dir = await honestBundle()
  const elsewhere = await honestBundle()
  rmSync(join(dir, 'job.json'))
  symlinkSync(join(elsewhere, 'job.json'), join(dir, 'job.json'))
  expect((await manifest(dir)).detail).toContain('job.json is not a plain file')
})

test('error: a linked directory', async () => {
  const dir = await honestBundle()
  const elsewhere = await honestBundle()
  rmSync(join(dir, 'inner'), { recursive: true })
  symlinkSync(join(elsewhere, 'inner'), join(dir, 'inner'))
  expect((await manifest(dir)).detail).toContain('inner is not a plain file')
})

test('error: no manifest', async () => {
  const dir = await honestBundle()
  rmSync(join(dir, 'manifest.json'))
  expect((await manifest(dir)).detail).toBe('manifest.json is missing')
})

test('error: a manifest beyond its size limit is not parsed', async () => {
  const dir = await honestBundle()
  tamperBundle(dir, {})
  writeFileSync(join(dir, 'manifest.json'), '['.repeat(1024 * 1024 + 1))
  expect((await manifest(dir)).detail).toBe('manifest: larger than 1048576 bytes')
})

test('error: a path that leaves the bundle', async () => {
  const dir = await honestBundle()
  const file = { bytes: 1, sha256: `0x${'00'.repeat(32)}` }
  writeFileSync(join(dir, 'manifest.json'), JSON.stringify({ files: { '../secret': file }, version: 1 }))
  expect((await manifest(dir)).status).toBe('fail')
})
