// Drills beside the daemon's own thread: see bench.ts.
import { parentPort } from 'node:worker_threads'
import { SafetensorsInvalid } from '@trainyard/verifier/canonical/safetensors.ts'
import { runTask } from '@trainyard/verifier/drill/runTask.ts'
import { InputInvalid } from '@trainyard/verifier/errors.ts'
import type { BenchAnswer, BenchTask } from './bench.ts'

parentPort?.on('message', (task: BenchTask) => {
  parentPort?.postMessage(answer(task))
})

function answer({ id, task, data, stop: shared }: BenchTask): BenchAnswer {
  const stop = new Int32Array(shared)
  try {
    return { id, metrics: runTask(task, data, () => Atomics.load(stop, 0) !== 0) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const isMisfit = error instanceof InputInvalid || error instanceof SafetensorsInvalid
    return isMisfit ? { id, misfit: message } : { id, error: message }
  }
}
