import { Worker } from 'node:worker_threads'
import type { Workload } from '@trainyard/verifier/benchmark/workload.ts'
import type { DrillTask } from '@trainyard/verifier/drill/task.ts'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'

type Stop = { readonly stop: SharedArrayBuffer }

export type BenchTask = { readonly id: number } & (
  | ({ kind: 'benchmark'; workload: Workload; milliseconds: number } & Stop)
  | { kind: 'evidence'; sampleSeed: string }
  | ({ kind: 'drill'; task: DrillTask; data: Uint8Array } & Stop)
)

export type BenchAnswer = { readonly id: number } & (
  | { iterations: number; root: Hex }
  | { bytes: Uint8Array }
  | { result: Hex | undefined }
  | { misfit: string }
  | { error: string }
)

type Asked = BenchTask extends infer T ? (T extends { id: number } ? Omit<T, 'id' | 'stop'> : never) : never

/** A thread that measures and drills, one thing at a time, and ends early when it is told that an order came. */
export type BenchmarkBench = ReturnType<typeof createBench>

/** Starts its thread when it is first asked. */
export function createBench() {
  let worker: Worker | undefined
  let nextId = 0
  const stop = new SharedArrayBuffer(4)
  const waiting = new Map<
    number,
    { resolve: (answer: BenchAnswer) => void; reject: (error: Error) => void }
  >()
  const fail = (error: Error) => {
    worker = undefined
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  const started = () => {
    if (worker) return worker
    worker = new Worker(new URL('./benchWorker.ts', import.meta.url), { env: {} })
    worker.on('message', (answer: BenchAnswer) => {
      waiting.get(answer.id)?.resolve(answer)
      waiting.delete(answer.id)
    })
    worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))))
    worker.on('exit', () => fail(new Error('The measuring thread has ended.')))
    worker.unref()
    return worker
  }
  const ask = (task: Asked): Promise<BenchAnswer> => {
    Atomics.store(new Int32Array(stop), 0, 0)
    const id = nextId++
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      started().postMessage({ ...task, id, stop })
    })
  }
  return {
    ask,
    /** Ends what runs at its next step. */
    interrupt: () => void Atomics.store(new Int32Array(stop), 0, 1),
    stop: async () => void (await worker?.terminate()),
  }
}
