import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Evidence, evidenceBytes } from '../evidence.ts'
import type { InnerStep } from '../hash/innerRoot.ts'
import type { Job } from '../job.ts'
import { canonicalBytes } from '../json.ts'
import { innerBytes } from './inner.ts'
import { MANIFEST, manifestBytes } from './manifest.ts'
import type { OrderRecord } from './orderRecord.ts'
import { PATHS } from './paths.ts'

/** Everything a bundle holds. */
export type BundleParts = {
  job: Job
  order: OrderRecord
  /** per committed window */
  evidence: readonly Evidence[]
  /** checkpoint files by step: 0, the first of each window, and the last */
  checkpoints: ReadonlyMap<number, Uint8Array>
  /** per committed segment */
  inner: readonly (readonly InnerStep[])[]
  train: Uint8Array
  heldOut: Uint8Array
  /** null for a run that did not reach its last step */
  result: { model: Uint8Array; metrics: Uint8Array } | null
  /** lines past the last committed step are left out */
  progress: Uint8Array
}

/** The files of a bundle by path, manifest included. */
export function bundleFiles(parts: BundleParts): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>([
    [PATHS.job, canonicalBytes(parts.job)],
    [PATHS.order, canonicalBytes(parts.order)],
    [PATHS.train, parts.train],
    [PATHS.heldOut, parts.heldOut],
    [PATHS.progress, firstLines(parts.progress, parts.inner.flat().length)],
  ])
  if (parts.result) {
    files.set(PATHS.model, parts.result.model)
    files.set(PATHS.metrics, parts.result.metrics)
  }
  parts.evidence.forEach((evidence, window) => {
    files.set(PATHS.window(window), evidenceBytes(evidence))
  })
  for (const [step, bytes] of parts.checkpoints) files.set(PATHS.checkpoint(step), bytes)
  parts.inner.forEach((steps, segment) => {
    files.set(PATHS.inner(segment), innerBytes(segment, steps))
  })
  files.set(MANIFEST, manifestBytes(files))
  return files
}

/** Writes a bundle into `dir`, which should be new or empty: files that lie there already make it invalid. */
export function writeBundle(dir: string, parts: BundleParts): void {
  for (const [path, bytes] of bundleFiles(parts)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), bytes)
  }
}

function firstLines(bytes: Uint8Array, lines: number): Uint8Array {
  let end = 0
  for (let line = 0; line < lines && end < bytes.length; line++) {
    const feed = bytes.indexOf(0x0a, end)
    end = feed < 0 ? bytes.length : feed + 1
  }
  return bytes.subarray(0, end)
}
