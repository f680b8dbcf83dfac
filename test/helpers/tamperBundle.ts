import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listFiles } from '@trainyard/verifier/bundle/listFiles.ts'
import { MANIFEST, manifestBytes } from '@trainyard/verifier/bundle/manifest.ts'

/** Changes files of a bundle as an attacker would: the manifest is made anew. */
export function tamperBundle(dir: string, edits: Record<string, (bytes: Uint8Array) => Uint8Array>): void {
  for (const [path, edit] of Object.entries(edits)) {
    const file = join(dir, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, edit(readOrEmpty(file)))
  }
  refreshManifest(dir)
}

/** Writes the manifest of what lies in a bundle. */
export function refreshManifest(dir: string): void {
  const paths = [...listFiles(dir).files.keys()].filter((path) => path !== MANIFEST)
  const files = new Map(paths.map((path) => [path, new Uint8Array(readFileSync(join(dir, path)))]))
  writeFileSync(join(dir, MANIFEST), manifestBytes(files))
}

/** A copy with one bit of one byte changed; negative positions count from the end. */
export function flipByte(bytes: Uint8Array, at: number): Uint8Array {
  const copy = new Uint8Array(bytes)
  const index = at < 0 ? copy.length + at : at
  if (index < 0 || index >= copy.length) throw new RangeError(`there is no byte ${at}`)
  copy[index]! ^= 1
  return copy
}

/** Edits a text file. */
export function editText(edit: (text: string) => string): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => new TextEncoder().encode(edit(new TextDecoder().decode(bytes)))
}

function readOrEmpty(file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file))
  } catch {
    return new Uint8Array(0)
  }
}
