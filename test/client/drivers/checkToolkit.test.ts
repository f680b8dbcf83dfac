import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { checkToolkit } from '../../../client/src/drivers/docker/checkToolkit.ts'
import { openFolder } from '../../helpers/driverRun.ts'

const folder = openFolder('toolkit')
afterAll(() => rmSync(folder, { recursive: true }))
let count = 0

/** A folder with programs that answer so when asked for their version. */
function programs(answers: Record<string, string>): string {
  const path = join(folder, String(count++))
  mkdirSync(path)
  for (const [name, script] of Object.entries(answers)) {
    writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(path, name), 0o755)
  }
  return path
}

const hook = (version: string) => ({
  'nvidia-container-runtime-hook': `echo 'NVIDIA Container Runtime Hook version ${version}'; echo 'commit: 1.2.3'`,
})

describe('checkToolkit', () => {
  test('default', async () => {
    expect(await checkToolkit(programs(hook('1.20.0')))).toEqual({ safe: true, version: '1.20.0' })
    expect(await checkToolkit(`/nowhere:${programs(hook('2.0.1'))}`)).toEqual({
      safe: true,
      version: '2.0.1',
    })
  })

  test.for([
    ['1.16.1', 'CVE-2024-0132'],
    ['1.16.2', 'CVE-2025-23359'],
    ['1.17.3', 'CVE-2025-23359'],
    ['1.17.7', 'CVE-2025-23266'],
    ['1.19.1', 'CVE-2026-24260'],
    ['1.20.0-rc.1', 'CVE-2026-24260'],
    ['1.9.9', 'CVE-2024-0132'],
  ] as const)('error: %s has %s', async ([version, cve]) => {
    const check = await checkToolkit(programs(hook(version)))
    expect(check).toMatchObject({ safe: false, reason: expect.stringContaining(cve) })
  })

  test('error: of programs of different releases the oldest counts', async () => {
    const mixed = programs({ ...hook('1.20.0'), 'nvidia-container-cli': "echo 'cli-version: 1.14.0'" })
    expect(await checkToolkit(mixed)).toMatchObject({ safe: false })
  })

  test('error: none, or one that does not say what it is', async () => {
    expect(await checkToolkit(folder)).toMatchObject({
      safe: false,
      reason: expect.stringContaining('no NVIDIA'),
    })
    const odd = programs({ 'nvidia-ctk': 'echo unknown', 'nvidia-container-cli': 'exit 1' })
    expect(await checkToolkit(odd)).toMatchObject({ safe: false })
  })
})
