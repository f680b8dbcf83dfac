import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { evaluate } from '@trainyard/verifier/canonical/evaluate.ts'
import { initialState } from '@trainyard/verifier/canonical/init.ts'
import { trainSteps } from '@trainyard/verifier/canonical/train.ts'
import type { DataSet } from '@trainyard/verifier/canonical/types.ts'
import { digitsFolder as digits, job, seeds } from './lib/digits.ts'
import { type Figure, median, round } from './lib/figure.ts'

const RUNS = 3

/** Canonical trainer beside the same model in NumPy (one thread), in turn on the same machine: samples a second. */
export async function measure(): Promise<Figure> {
  const data = readDataSet(readFileSync(join(digits, 'train.safetensors')))
  const heldOut = readDataSet(readFileSync(join(digits, 'heldOut.safetensors')))
  const runs = Array.from({ length: RUNS }, () => ({ ours: ourRun(data, heldOut), numpy: numpyRun() }))
  const rate = (run: { samples: number; seconds: number }) => run.samples / run.seconds
  const value = median(runs.map(({ ours }) => rate(ours)))
  const numpy = median(runs.map(({ numpy }) => rate(numpy)))
  return {
    figure: 'canonical',
    value: Math.round(value),
    unit: 'samples/s',
    reference: 'the same model in NumPy, one thread (PyTorch is the goal’s reference and not measured here)',
    ratio: round(value / numpy),
    goal: '>= 0.5 of PyTorch',
    met: false, // not comparable until PyTorch is the reference
    detail: {
      numpySamplesPerSecond: Math.round(numpy),
      accuracy: runs[0]!.ours.accuracy,
      numpyAccuracy: runs[0]!.numpy.accuracy,
      runs: RUNS,
    },
  }
}

type Run = { samples: number; seconds: number; accuracy: number }

function ourRun(data: DataSet, heldOut: DataSet): Run {
  const start = performance.now()
  const state = trainSteps({ job, data, seeds, state: initialState(job), fromStep: 0, toStep: job.steps })
  const seconds = (performance.now() - start) / 1000
  const { accuracy } = evaluate(job.model.layers, state.params, heldOut)
  return { samples: job.steps * job.hyperparameters.batchSize, seconds, accuracy: round(accuracy) }
}

function numpyRun(): Run {
  const steps = 5120
  const done = spawnSync('/usr/bin/python3', [join(digits, 'reference.py'), '--once', String(steps)], {
    encoding: 'utf8',
    timeout: 300_000,
    env: { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
  })
  if (done.status !== 0) throw new Error(`NumPy reference failed (Debian: python3-numpy): ${done.stderr}`)
  const { seconds, accuracy } = JSON.parse(done.stdout) as { seconds: number; accuracy: number }
  return { samples: steps * 32, seconds, accuracy }
}
