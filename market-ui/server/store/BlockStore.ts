import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, type ReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { CID } from 'multiformats/cid'
import { StoreIndex } from './StoreIndex.ts'
import { diskFull, shareFull, storeFull, tooLarge, wrongHash } from './storeProblems.ts'

/** Largest block taken: the trustless gateways' own limit. */
export const MAX_BLOCK_BYTES = 2 * 1024 * 1024
/** What this server put itself. It counts for nobody and is never dropped. */
const OWN = ''
/** Of blocks found on disk without a note of who put them. */
const UNKNOWN = 'unknown'
/** A block that no order needs yet may be about to be ordered. */
const GRACE_MS = 15 * 60_000
/** Room is made for more than one block, since finding out what orders need takes time. */
const SPARE_SHARE = 0.02

export type StoreLimits = {
  readonly maxBytes: number
  /** Bytes that one sender's blocks may take. */
  readonly maxBytesPerSender: number
  readonly graceMs?: number
}

/** Content-addressed blocks on disk. Nothing is written before its hash is checked, nothing is ever replaced. */
export class BlockStore {
  readonly #dir: string
  readonly #limits: StoreLimits
  readonly #index: StoreIndex
  readonly #writing = new Map<string, Promise<boolean>>()
  readonly #claimed = new Map<string, number>()
  #needed: () => Promise<ReadonlySet<string>> = async () => new Set()

  private constructor(dir: string, limits: StoreLimits, index: StoreIndex) {
    this.#dir = dir
    this.#limits = limits
    this.#index = index
  }

  /** Opens the folder, removes what an interrupted write left, and notes what is there. */
  static async open(dir: string, limits: StoreLimits): Promise<BlockStore> {
    await mkdir(dir, { recursive: true })
    const index = new StoreIndex(join(dir, 'index.sqlite'))
    const noted = index.names()
    for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.parentPath === dir) continue // blocks lie one folder deeper
      const path = join(entry.parentPath, entry.name)
      if (entry.name.endsWith('.tmp')) await rm(path, { force: true })
      else if (!noted.delete(entry.name)) {
        const { size, mtimeMs } = await stat(path)
        index.note({ name: entry.name, bytes: size, sender: UNKNOWN }, Math.floor(mtimeMs))
      }
    }
    for (const gone of noted) index.forget(gone)
    return new BlockStore(dir, limits, index)
  }

  get usedBytes(): number {
    return this.#index.usedBytes()
  }

  /** Says how to find out which blocks open orders need; those are not dropped. */
  keepWhat(needed: () => Promise<ReadonlySet<string>>): void {
    this.#needed = needed
  }

  /** Stores a block under its CID for `sender`. Returns false if it was there. Throws HttpProblem 400, 413 or 507. */
  async put(cid: CID, bytes: Uint8Array, sender: string): Promise<boolean> {
    if (bytes.length > MAX_BLOCK_BYTES) throw tooLarge(bytes.length, MAX_BLOCK_BYTES)
    if (!matches(cid, bytes)) throw wrongHash(cid)
    const name = cid.toString()
    const underWay = this.#writing.get(name)
    if (underWay !== undefined) return underWay.then(() => false)
    const write = this.#claimAndWrite(cid, bytes, sender).finally(() => this.#writing.delete(name))
    this.#writing.set(name, write)
    return write
  }

  /** Stores a block of the server's own, for ever. */
  pin(cid: CID, bytes: Uint8Array): Promise<boolean> {
    return this.put(cid, bytes, OWN)
  }

  /** The block's bytes; undefined if it is not here or larger than `maxBytes`. */
  async get(cid: CID, maxBytes: number = MAX_BLOCK_BYTES): Promise<Uint8Array | undefined> {
    const bytes = await this.size(cid)
    if (bytes === undefined || bytes > maxBytes) return undefined
    return readFile(this.#pathOf(cid)).catch(absent)
  }

  /** The block's bytes as they come off the disk, or undefined if it is not here. */
  async read(cid: CID): Promise<{ size: number; stream: ReadStream } | undefined> {
    const size = await this.size(cid)
    return size === undefined ? undefined : { size, stream: createReadStream(this.#pathOf(cid)) }
  }

  /** The block's size in bytes, or undefined if it is not here. */
  async size(cid: CID): Promise<number | undefined> {
    const found = await stat(this.#pathOf(cid)).catch(absent)
    return found?.size
  }

  close(): void {
    this.#index.close()
  }

  async #claimAndWrite(cid: CID, bytes: Uint8Array, sender: string): Promise<boolean> {
    const block = { name: cid.toV1().toString(), bytes: bytes.length, sender }
    if ((await this.size(cid)) !== undefined) {
      this.#index.note(block, Date.now())
      return false
    }
    await this.#claimRoom(sender, bytes.length)
    try {
      await this.#write(this.#pathOf(cid), bytes)
      this.#index.note(block, Date.now())
      return true
    } catch (error) {
      throw isDiskFull(error) ? diskFull() : error
    } finally {
      this.#claim(sender, -bytes.length)
    }
  }

  #claim(sender: string, bytes: number): void {
    this.#claimed.set(sender, (this.#claimed.get(sender) ?? 0) + bytes)
    if (this.#claimed.get(sender) === 0) this.#claimed.delete(sender)
  }

  /**
   * Claims room before a write, so that two writers cannot pass a limit together. Drops old blocks that no open order
   * needs: the sender's own for its share, anybody's for the whole.
   */
  async #claimRoom(sender: string, bytes: number): Promise<void> {
    const { maxBytes, maxBytesPerSender } = this.#limits
    const overShare = () =>
      sender === OWN
        ? 0
        : this.#index.usedBytes(sender) + this.#claimedBytes(sender) + bytes - maxBytesPerSender
    const over = () => this.#index.usedBytes() + this.#claimedBytes() + bytes - maxBytes
    if (overShare() > 0) await this.#drop(overShare() + maxBytesPerSender * SPARE_SHARE, sender)
    if (over() > 0) await this.#drop(over() + maxBytes * SPARE_SHARE)
    if (overShare() > 0) throw shareFull(maxBytesPerSender)
    if (over() > 0) throw storeFull(maxBytes)
    this.#claim(sender, bytes) // no other writer ran since the look above
  }

  #claimedBytes(sender?: string): number {
    if (sender !== undefined) return this.#claimed.get(sender) ?? 0
    return [...this.#claimed.values()].reduce((sum, part) => sum + part, 0)
  }

  async #drop(wantedBytes: number, sender?: string): Promise<void> {
    const needed = await this.#needed()
    let left = wantedBytes
    for (const block of this.#index.olderThan(Date.now() - (this.#limits.graceMs ?? GRACE_MS), sender)) {
      if (left <= 0) return
      if (block.sender === OWN || needed.has(block.name) || this.#writing.has(block.name)) continue
      await rm(this.#pathOfName(block.name), { force: true })
      this.#index.forget(block.name)
      left -= block.bytes
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
    return this.#pathOfName(cid.toV1().toString())
  }

  #pathOfName(name: string): string {
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
