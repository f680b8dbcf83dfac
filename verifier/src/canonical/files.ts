import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Writes a file so that a reader sees all of it or nothing. */
export function writeWhole(path: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.tmp`, bytes)
  renameSync(`${path}.tmp`, path)
}

/** Drops the lines of a progress file that a run from `fromStep` on writes again, torn last line included. */
export function keepProgress(path: string, fromStep: number): void {
  if (!existsSync(path)) return
  const kept: string[] = []
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const step = Number(/^\{"step":(\d+),.*\}$/.exec(line)?.[1] ?? Number.POSITIVE_INFINITY)
    if (step > fromStep) break
    kept.push(`${line}\n`)
  }
  writeWhole(path, kept.join(''))
}
