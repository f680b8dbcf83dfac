import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { CID } from 'multiformats/cid'
import { HttpProblem } from '../errors.ts'

/** Largest block taken: the trustless gateways' own limit. */
export const MAX_BLOCK_BYTES = 2 * 1024 * 1024

/** Content-addressed blocks on disk. Nothing is written before its hash is checked, nothing is ever replaced. */
export class BlockStore {
  readonly #dir: string
  readonly #maxBytes: number
  readonly #writing = new Map<string, Promise<boolean>>()
  #usedBytes: number

  private constructor(dir: string, maxBytes: number, usedBytes: number) {
    this.#dir = dir
    this.#maxBytes = maxBytes
    this.#usedBytes = usedBytes
  }

  /** Opens the folder, removes what an interrupted write left, and counts what is there. */
  static async open(dir: string, maxBytes: number): Promise<BlockStore> {
    await mkdir(dir, { recursive: true })
    let usedBytes = 0
    for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      if (entry.name.endsWith('.tmp')) await rm(path, { force: true })
      else usedBytes += (await stat(path)).size
    }
    return new BlockStore(dir, maxBytes, usedBytes)
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  /** Stores a block under its CID. Returns false if it was there. Throws HttpProblem 400, 413 or 507. */
  async put(cid: CID, bytes: Uint8Array): Promise<boolean> {
    if (bytes.length > MAX_BLOCK_BYTES) throw tooLarge(bytes.length)
    if (!matches(cid, bytes)) throw wrongHash(cid)
    const name = cid.toString()
    const underWay = this.#writing.get(name)
    if (underWay !== undefined) return underWay.then(() => false)
    const write = this.#claimAndWrite(cid, bytes).finally(() => this.#writing.delete(name))
    this.#writing.set(name, write)
    return write
  }

  /** The block's bytes, or undefined if it is not here. */
  async get(cid: CID): Promise<Uint8Array | undefined> {
    return readFile(this.#pathOf(cid)).catch(absent)
  }

  /** The block's size in bytes, or undefined if it is not here. */
  async size(cid: CID): Promise<number | undefined> {
    const found = await stat(this.#pathOf(cid)).catch(absent)
    return found?.size
  }

  /** Room is claimed before the write, so that two writers cannot pass the cap together. */
  async #claimAndWrite(cid: CID, bytes: Uint8Array): Promise<boolean> {
    if ((await this.size(cid)) !== undefined) return false
    if (this.#usedBytes + bytes.length > this.#maxBytes) throw storeFull(this.#maxBytes)
    this.#usedBytes += bytes.length
    try {
      await this.#write(this.#pathOf(cid), bytes)
      return true
    } catch (error) {
      this.#usedBytes -= bytes.length
      throw isDiskFull(error) ? diskFull() : error
    }
  }

  async #write(path: string, bytes: Uint8Array): Promise<void> {
    await mkdir(join(path, '..'), { recursive: true })
    const draft = `${path}.${randomUUID()}.tmp`
    try {
      const file = await open(draft, 'wx')
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(draft, path)
    } catch (error) {
      await rm(draft, { force: true })
      throw error
    }
  }

  /** The name is built from the parsed digest, never from what a caller sent. */
  #pathOf(cid: CID): string {
    const name = cid.toV1().toString()
    return join(this.#dir, name.slice(-2), name)
  }
}

const matches = (cid: CID, bytes: Uint8Array): boolean =>
  createHash('sha256').update(bytes).digest().equals(cid.multihash.digest)

const absent = (error: NodeJS.ErrnoException): undefined => {
  if (error.code === 'ENOENT') return undefined
  throw error
}

const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')

const tooLarge = (bytes: number) =>
  new HttpProblem(
    413,
    'Block too large',
    `A block may have ${MAX_BLOCK_BYTES} bytes; this one has ${bytes}.`,
    'Split the content into 256 KiB chunks, as UnixFS does.',
  )

const wrongHash = (cid: CID) =>
  new HttpProblem(
    400,
    'The bytes are not this block',
    `The SHA-256 of the bytes is not the one in ${cid.toString()}. Nothing was stored.`,
    'Send the block whose hash the CID names.',
  )

const storeFull = (maxBytes: number) =>
  new HttpProblem(
    507,
    'The store is full',
    `The store may take ${maxBytes} bytes and has no room for this block.`,
    'Use another store, or ask the operator to raise storeMaxBytes.',
  )

const diskFull = () =>
  new HttpProblem(
    507,
    "The store's disk is full",
    'There is no room for this block. Nothing was stored.',
    'Use another store, or ask the operator to free some space.',
  )
