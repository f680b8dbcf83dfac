import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { measureDirectory } from '../../../client/src/drivers/measureDirectory.ts'
import { MEBIBYTE, openFolder } from '../../helpers/driverRun.ts'

const folder = openFolder('measure')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function fresh(name: string): string {
  const path = join(folder, name)
  mkdirSync(join(path, 'deep/er'), { recursive: true })
  return path
}

test('default: allocated bytes of all files below', async () => {
  const path = fresh('sum')
  writeFileSync(join(path, 'a'), Buffer.alloc(MEBIBYTE, 1))
  writeFileSync(join(path, 'deep/er/b'), Buffer.alloc(MEBIBYTE, 1))
  const bytes = await measureDirectory(path, 1e12)
  expect(bytes).toBeGreaterThanOrEqual(2 * MEBIBYTE)
  expect(bytes).toBeLessThan(2.1 * MEBIBYTE)
})

test('behavior: holes cost nothing, links are not followed, empty files count', async () => {
  const path = fresh('odd')
  writeFileSync(join(path, 'sparse'), '')
  truncateSync(join(path, 'sparse'), 2 ** 40)
  symlinkSync('/usr', join(path, 'link'))
  const before = await measureDirectory(path, 1e12)
  expect(before).toBeLessThan(MEBIBYTE)
  for (let i = 0; i < 10; i++) writeFileSync(join(path, `empty${i}`), '')
  expect(await measureDirectory(path, 1e12)).toBe(before + 10 * 4096)
})

test('behavior: counting ends soon after the limit, and a folder that is gone is empty', async () => {
  const path = fresh('limit')
  for (let i = 0; i < 100; i++) writeFileSync(join(path, `${i}`), 'x')
  expect(await measureDirectory(path, 5 * 4096)).toBe(6 * 4096)
  expect(await measureDirectory(join(path, 'gone'), 1)).toBe(0)
})
