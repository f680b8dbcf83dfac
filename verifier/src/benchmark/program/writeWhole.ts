import { renameSync, writeFileSync } from 'node:fs'

/** Writes a file so that a reader sees all of it or nothing. */
export function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.tmp`, text)
  renameSync(`${path}.tmp`, path)
}
