import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addBytes } from '../content/addBytes.ts'
import { fetchContent } from '../content/fetchContent.ts'
import { parseCid } from '../content/parseCid.ts'

const FETCH_TIMEOUT_MS = 60_000
const MAX_CACHE_BYTES = 2 * 1024 ** 3

/** Reads content by CID, from disk if it was fetched before. */
export type ContentCache = {
  /** Throws like fetchContent. */
  get(cid: string, maxBytes: number): Promise<Uint8Array>
}

/** Deletes the files that were written longest ago until the folder holds at most `maxBytes`. */
async function trim(folder: string, maxBytes: number): Promise<void> {
  const paths = (await readdir(folder)).map((name) => join(folder, name))
  const files = await Promise.all(paths.map(async (path) => ({ path, ...(await sizeAndTime(path)) })))
  let total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  for (const { path, bytes } of files.sort((a, b) => a.timeMs - b.timeMs)) {
    if (total <= maxBytes) return
    await rm(path, { force: true })
    total -= bytes
  }
}

/** Zero for a file that another fetch has just renamed. */
async function sizeAndTime(path: string): Promise<{ bytes: number; timeMs: number }> {
  const facts = await stat(path).catch(() => undefined)
  return { bytes: facts?.size ?? 0, timeMs: facts?.mtimeMs ?? 0 }
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
      const temporary = join(folder, `${cid}.${randomUUID()}.tmp`)
      await writeFile(temporary, bytes)
      await rename(temporary, join(folder, cid))
      await trim(folder, MAX_CACHE_BYTES)
      return bytes
    },
  }
}
