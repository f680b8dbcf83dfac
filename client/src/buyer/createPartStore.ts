import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { writeFileAtomic } from '../engine/writeFileAtomic.ts'

/** Keeps what was fetched, so that a fetch that was interrupted goes on where it was. */
export type PartStore = {
  /** What is kept under this name, else what `fetch` brings, which is kept from then on. */
  get(name: string, maxBytes: number, fetch: () => Promise<Uint8Array>): Promise<Uint8Array>
  /** The same for content: what is kept counts only if it has the CID's hash. */
  getContent(cid: string, maxBytes: number, fetch: () => Promise<Uint8Array>): Promise<Uint8Array>
  /** Deletes all of it. */
  clear(): Promise<void>
}

/** @param onPart told of each part, and whether it was fetched now */
export function createPartStore(dir: string, onPart: (name: string, isNew: boolean) => void): PartStore {
  const fileOf = (name: string) => join(dir, name.replaceAll(/[^\w.-]+/g, '_'))
  const kept = async (name: string, maxBytes: number) => {
    const bytes = await readFile(fileOf(name)).catch(() => undefined)
    return bytes && bytes.length <= maxBytes ? bytes : undefined
  }
  const bring = async (name: string, fetch: () => Promise<Uint8Array>) => {
    const bytes = await fetch()
    await writeFileAtomic(fileOf(name), bytes)
    onPart(name, true)
    return bytes
  }
  return {
    async get(name, maxBytes, fetch) {
      const bytes = await kept(name, maxBytes)
      if (!bytes) return bring(name, fetch)
      onPart(name, false)
      return bytes
    },
    async getContent(cid, maxBytes, fetch) {
      const bytes = await kept(cid, maxBytes)
      if (!bytes || (await addBytes(bytes)).cid !== cid) return bring(cid, fetch)
      onPart(cid, false)
      return bytes
    },
    clear: () => rm(dir, { recursive: true, force: true }),
  }
}
