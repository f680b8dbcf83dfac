import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { buildLeaf } from '@trainyard/verifier/buildLeaf.ts'
import { checkpointRoot } from '@trainyard/verifier/checkpointRoot.ts'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import type { SegmentLeaf } from '@trainyard/verifier/segment.ts'
import type { OrderInputs } from '../context.ts'
import type { LeafAnswer, LeafClaim, LeafTask } from './leafTask.ts'

/** Hashed where they are: it takes some milliseconds, less than handing them over. */
const SMALL_BYTES = 4 * 1024 * 1024
const IDLE_MS = 30_000

/** Hashes one order's checkpoints. Large ones take a thread of their own, so that the daemon answers meanwhile. */
export type LeafBuilder = {
  leaf(after: Uint8Array, claim: LeafClaim): Promise<SegmentLeaf>
  root(checkpoint: Uint8Array): Promise<Hex>
  close(): void
}

/** @param inputs the order's job and data */
export function createLeafBuilder(inputs: () => Promise<OrderInputs>): LeafBuilder {
  let thread: ReturnType<typeof startThread> | undefined
  const ask = async (bytes: Uint8Array, claim: LeafClaim | undefined) => {
    const given = await inputs()
    if (!thread?.isAlive()) thread = startThread(given)
    return thread.ask(bytes, claim)
  }
  return {
    async leaf(after, claim) {
      if (after.byteLength < SMALL_BYTES) {
        const { job, train } = await inputs()
        return buildLeaf({ ...claim, job, data: train, after })
      }
      const found = await ask(after, claim)
      if ('leaf' in found) return found.leaf
      throw new TypeError('a root instead of a leaf')
    },
    async root(checkpoint) {
      if (checkpoint.byteLength < SMALL_BYTES) return checkpointRoot(checkpoint)
      const found = await ask(checkpoint, undefined)
      if ('root' in found) return found.root
      throw new TypeError('a leaf instead of a root')
    },
    close: () => thread?.end(),
  }
}

/** A thread that ends by itself once it has had nothing to do for a while, and its memory with it. */
function startThread(inputs: OrderInputs) {
  const worker = new Worker(join(import.meta.dirname, 'leafWorker.ts'), {
    workerData: inputs,
    execArgv: [],
    env: {},
  })
  const waiting = new Map<number, PromiseWithResolvers<LeafAnswer>>()
  let nextId = 1
  let alive = true
  let timer: NodeJS.Timeout | undefined
  worker.unref()
  const end = (error?: Error) => {
    alive = false
    clearTimeout(timer)
    for (const { reject } of waiting.values()) reject(error ?? new Error('The hashing thread ended.'))
    waiting.clear()
    void worker.terminate()
  }
  worker.on('error', end)
  worker.on('exit', () => end())
  worker.on('message', (answer: LeafAnswer) => {
    const asked = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (waiting.size === 0) timer = setTimeout(() => end(), IDLE_MS).unref()
    if ('error' in answer) asked?.reject(new Error(answer.error))
    else asked?.resolve(answer)
  })
  return {
    isAlive: () => alive,
    end,
    ask(bytes: Uint8Array, claim: LeafClaim | undefined) {
      clearTimeout(timer)
      const id = nextId++
      const asked = Promise.withResolvers<LeafAnswer>()
      waiting.set(id, asked)
      worker.postMessage({ id, bytes: shared(bytes), claim } satisfies LeafTask)
      return asked.promise
    },
  }
}

/** A copy that both threads see: the daemon still has to write the bytes down, so it cannot give them away. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.byteLength))
  copy.set(bytes)
  return copy
}
