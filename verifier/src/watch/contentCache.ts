import { mkdirSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addBytes } from '../content/addBytes.ts'
import { fetchContent } from '../content/fetchContent.ts'
import { parseCid } from '../content/parseCid.ts'

const FETCH_TIMEOUT_MS = 60_000

/** Reads content by CID, from disk if it was fetched before. */
export type ContentCache = {
  /** Throws like fetchContent. */
  get(cid: string, maxBytes: number): Promise<Uint8Array>
  /** Forgets everything on disk. */
  clear(): Promise<void>
}

/** Keeps what was fetched from `store` in a folder, so that an audit does not depend on the store twice. */
export function createContentCache(dataDir: string, store: string): ContentCache {
  const folder = join(dataDir, 'content')
  mkdirSync(folder, { recursive: true })

  const kept = async (cid: string): Promise<Uint8Array | undefined> => {
    try {
      const bytes = new Uint8Array(await readFile(join(folder, cid)))
      // A disk is not trusted more than a gateway.
      return (await addBytes(bytes)).cid === cid ? bytes : undefined
    } catch {
      return undefined
    }
  }
  return {
    async get(text, maxBytes) {
      const cid = parseCid(text).toString()
      const known = await kept(cid)
      if (known) return known
      const bytes = await fetchContent({ cid, gateway: store, maxBytes, timeoutMs: FETCH_TIMEOUT_MS })
      const temporary = join(folder, `${cid}.${process.pid}.tmp`)
      await writeFile(temporary, bytes)
      await rename(temporary, join(folder, cid))
      return bytes
    },
    async clear() {
      await rm(folder, { recursive: true, force: true })
      mkdirSync(folder, { recursive: true })
    },
  }
}
