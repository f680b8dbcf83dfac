// Measures and drills beside the daemon's own thread: see bench.ts.
import { parentPort } from 'node:worker_threads'
import { writeEvidence } from '@trainyard/verifier/benchmark/evidence.ts'
import { type BenchmarkRun, runBenchmark } from '@trainyard/verifier/benchmark/runBenchmark.ts'
import { samplesOf } from '@trainyard/verifier/benchmark/samplesOf.ts'
import { SafetensorsInvalid } from '@trainyard/verifier/canonical/safetensors.ts'
import { runTask } from '@trainyard/verifier/drill/runTask.ts'
import { InputInvalid } from '@trainyard/verifier/errors.ts'
import { toHex } from '@trainyard/verifier/hash/hex.ts'
import type { BenchAnswer, BenchTask } from './bench.ts'

let last: BenchmarkRun | undefined

parentPort?.on('message', (task: BenchTask) => {
  parentPort?.postMessage(answer(task))
})

function answer(task: BenchTask): BenchAnswer {
  try {
    if (task.kind === 'benchmark') return measured(task)
    if (task.kind === 'evidence') {
      if (!last) return { id: task.id, error: 'nothing was measured' }
      const { open, iterations } = last
      return { id: task.id, bytes: writeEvidence(samplesOf(task.sampleSeed, iterations).map(open)) }
    }
    return drilled(task)
  } catch (error) {
    return { id: task.id, error: error instanceof Error ? error.message : String(error) }
  }
}

function drilled({ id, task, data, stop: shared }: BenchTask & { kind: 'drill' }): BenchAnswer {
  const stop = new Int32Array(shared)
  try {
    return { id, result: runTask(task, data, () => Atomics.load(stop, 0) !== 0) }
  } catch (error) {
    if (!(error instanceof InputInvalid || error instanceof SafetensorsInvalid)) throw error
    return { id, misfit: error.message }
  }
}

function measured({
  id,
  workload,
  milliseconds,
  stop: shared,
}: BenchTask & { kind: 'benchmark' }): BenchAnswer {
  const stop = new Int32Array(shared)
  const endAtMs = performance.now() + milliseconds
  last = runBenchmark(workload, () => performance.now() >= endAtMs || Atomics.load(stop, 0) !== 0)
  return { id, iterations: last.iterations, root: toHex(last.root) }
}
