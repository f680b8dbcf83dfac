import { Worker } from 'node:worker_threads'
import type { DrillTask } from '@trainyard/verifier/drill/task.ts'

export type BenchTask = {
  readonly id: number
  readonly task: DrillTask
  readonly data: Uint8Array
  readonly stop: SharedArrayBuffer
}

/** metrics undefined: it was interrupted. misfit: the data is not what the task says, for everybody alike. */
export type DrillAnswer = { metrics: Uint8Array | undefined } | { misfit: string }
export type BenchAnswer = { readonly id: number } & (DrillAnswer | { error: string })

/** A thread that drills, one task at a time, and ends early when it is told that an order came. */
export type DrillBench = ReturnType<typeof createBench>

/** Starts its thread when it is first asked. */
export function createBench() {
  let worker: Worker | undefined
  let nextId = 0
  const stop = new SharedArrayBuffer(4)
  const waiting = new Map<
    number,
    { resolve: (answer: DrillAnswer) => void; reject: (error: Error) => void }
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
      const asked = waiting.get(answer.id)
      waiting.delete(answer.id)
      if ('error' in answer) asked?.reject(new Error(`Drilling failed: ${answer.error}.`))
      else asked?.resolve(answer)
    })
    worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))))
    worker.on('exit', () => fail(new Error('The drilling thread has ended.')))
    worker.unref()
    return worker
  }
  return {
    drill(task: DrillTask, data: Uint8Array): Promise<DrillAnswer> {
      Atomics.store(new Int32Array(stop), 0, 0)
      const id = nextId++
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        started().postMessage({ id, task, data, stop } satisfies BenchTask)
      })
    },
    /** Ends what runs at its next step. */
    interrupt: () => void Atomics.store(new Int32Array(stop), 0, 1),
    stop: async () => void (await worker?.terminate()),
  }
}
