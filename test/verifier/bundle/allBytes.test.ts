import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listFiles } from '@trainyard/verifier/bundle/listFiles.ts'
import { verifyBundle } from '@trainyard/verifier/bundle/verify.ts'
import { expect, test } from 'vitest'
import { honestBundle } from '../../helpers/honestBundle.ts'
import { flipByte, refreshManifest } from '../../helpers/tamperBundle.ts'

/** What stands in order.json is the chain's word: without a chain some of it cannot be checked. */
const UNSIGNED = ['manifest.json', 'order.json']

const honest = await honestBundle()
const paths = [...listFiles(honest).files.keys()]

/** Checks that fail after one byte of one file was changed. */
async function failsAfter(path: string, at: number, coverUp: boolean): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'trainyard-flip-'))
  try {
    cpSync(honest, dir, { recursive: true })
    writeFileSync(join(dir, path), flipByte(readFileSync(join(dir, path)), at))
    if (coverUp) refreshManifest(dir)
    const { verdict, checks } = await verifyBundle(dir)
    expect(verdict, `${path} byte ${at}`).toBe('invalid')
    return checks.filter(({ status }) => status === 'fail').map(({ id }) => id)
  } finally {
    rmSync(dir, { recursive: true })
  }
}

const positions = (path: string) => {
  const size = readFileSync(join(honest, path)).length
  return [0, 8, Math.floor(size / 3), Math.floor(size / 2), Math.floor((size * 4) / 5), size - 1]
}

test.for(paths)('behavior: no byte of %s can change', async (path) => {
  for (const at of positions(path)) expect(await failsAfter(path, at, false)).toContain('manifest')
})

test.for(paths.filter((path) => !UNSIGNED.includes(path)))(
  'behavior: no byte of %s can change under a new manifest',
  async (path) => {
    for (const at of positions(path)) {
      const failed = await failsAfter(path, at, true)
      expect(failed.length, `${path} byte ${at}`).toBeGreaterThan(0)
      expect(failed).not.toContain('manifest')
    }
  },
)
