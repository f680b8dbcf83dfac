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

/**
 * Canonical trainer beside the same model in NumPy and, where `python3` has it, in PyTorch, one thread each, in turn on
 * the same machine: samples a second.
 */
export async function measure(): Promise<Figure> {
  const data = readDataSet(readFileSync(join(digits, 'train.safetensors')))
  const heldOut = readDataSet(readFileSync(join(digits, 'heldOut.safetensors')))
  const hasTorch = spawnSync('python3', ['-c', 'import torch']).status === 0
  const runs = Array.from({ length: RUNS }, () => ({
    ours: ourRun(data, heldOut),
    numpy: pythonRun(['reference.py', '--once']),
    torch: hasTorch ? pythonRun(['referenceTorch.py']) : undefined,
  }))
  const rate = (some: readonly Run[]) =>
    Math.round(median(some.map(({ samples, seconds }) => samples / seconds)))
  const value = rate(runs.map(({ ours }) => ours))
  const numpy = rate(runs.map((run) => run.numpy))
  const torch = hasTorch ? rate(runs.map((run) => run.torch!)) : undefined
  const ratio = round(value / (torch ?? numpy))
  return {
    figure: 'canonical',
    value,
    unit: 'samples/s',
    reference: torch
      ? 'the same model in PyTorch, one thread'
      : 'the same model in NumPy, one thread (no PyTorch here, which the goal is about)',
    ratio,
    goal: '>= 0.5 of PyTorch',
    met: torch !== undefined && ratio >= 0.5,
    detail: {
      numpySamplesPerSecond: numpy,
      torchSamplesPerSecond: torch ?? null,
      accuracy: runs[0]!.ours.accuracy,
      numpyAccuracy: runs[0]!.numpy.accuracy,
      torchAccuracy: runs[0]!.torch?.accuracy ?? null,
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

function pythonRun([script, ...flags]: readonly [string, ...string[]]): Run {
  const steps = 5120
  const done = spawnSync('python3', [join(digits, script), ...flags, String(steps)], {
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
  })
  if (done.status !== 0) throw new Error(`${script} failed (Debian: python3-numpy): ${done.stderr}`)
  const { seconds, accuracy } = JSON.parse(done.stdout) as { seconds: number; accuracy: number }
  return { samples: steps * 32, seconds, accuracy: round(accuracy) }
}
