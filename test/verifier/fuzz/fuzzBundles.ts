import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyBundle } from '@trainyard/verifier/bundle/verify.ts'
import { bundleFiles, writeBundle } from '@trainyard/verifier/bundle/write.ts'
import { bundleParts } from '../../helpers/honestBundle.ts'
import { refreshManifest } from '../../helpers/tamperBundle.ts'
import { type Dice, dice, mutate } from './mutate.ts'
import { mutateJson } from './mutateJson.ts'
import { mutateSafetensors } from './mutateSafetensors.ts'

/** Without a chain some of it is anybody's word (README: what `verify` does not prove): verifying it must only end. */
const UNSIGNED = 'order.json'

/** Verifies bundles of which one file is another, under a manifest that fits. Throws Error if one is valid. */
export async function fuzzBundles(inputs: number, seed: number, limitMs: number) {
  const dir = mkdtempSync(join(tmpdir(), 'trainyard-fuzz-'))
  try {
    const parts = await bundleParts()
    writeBundle(dir, parts)
    const paths = [...bundleFiles(parts).keys()]
    const roll = dice(seed)
    const figures = { name: 'bundle', inputs, slowestMs: 0, peakRssBytes: 0 }
    for (let run = 0; run < inputs; run++) {
      const path = paths[roll(paths.length)]!
      const startMs = performance.now()
      await withMutated(dir, path, roll)
      figures.slowestMs = Math.max(figures.slowestMs, performance.now() - startMs)
      if (figures.slowestMs > limitMs) throw new Error(`${path}, input ${run}: ${limitMs} ms are over`)
      figures.peakRssBytes = Math.max(figures.peakRssBytes, process.memoryUsage.rss())
    }
    return figures
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function withMutated(dir: string, path: string, roll: Dice): Promise<void> {
  const file = join(dir, path)
  const honest = new Uint8Array(readFileSync(file))
  const bytes = mutatorOf(path)(honest, roll)
  if (Buffer.compare(bytes, honest) === 0) return
  writeFileSync(file, bytes)
  if (path !== 'manifest.json') refreshManifest(dir)
  const { verdict } = await verifyBundle(dir).catch((cause: unknown) => {
    throw new Error(`${path}: ${Buffer.from(bytes).toString('base64')}`, { cause })
  })
  if (verdict !== 'invalid' && path !== UNSIGNED)
    throw new Error(`${path} is ${verdict}: ${Buffer.from(bytes).toString('base64')}`)
  writeFileSync(file, honest)
  if (path !== 'manifest.json') refreshManifest(dir)
}

function mutatorOf(path: string) {
  if (path.endsWith('.safetensors')) return mutateSafetensors
  return path.endsWith('.json') ? mutateJson : mutate
}
