import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Hex, toHex } from './hash/hex.ts'
import { merkleRoot } from './hash/merkle.ts'

/** Folder of the canonical trainer: what runs, and nothing else, lies in it. */
export const TRAINER_DIR = join(import.meta.dirname, 'canonical')

/**
 * Identity of the canonical trainer: Merkle root over its files in byte order of their names, each leaf being
 * u16be name length, name, file bytes.
 */
export function trainerHash(dir: string = TRAINER_DIR): Hex {
  const names = readdirSync(dir)
    .filter((name) => name.endsWith('.ts'))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return toHex(merkleRoot(names.map((name) => leafOf(name, readFileSync(join(dir, name))))))
}

function leafOf(name: string, bytes: Uint8Array): Uint8Array {
  const nameBytes = new TextEncoder().encode(name)
  const leaf = new Uint8Array(2 + nameBytes.length + bytes.length)
  new DataView(leaf.buffer).setUint16(0, nameBytes.length)
  leaf.set(nameBytes, 2)
  leaf.set(bytes, 2 + nameBytes.length)
  return leaf
}
