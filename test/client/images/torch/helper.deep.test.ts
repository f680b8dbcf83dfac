import { readCheckpoint, stateTensors, writeCheckpoint } from '@trainyard/verifier/canonical/checkpoint.ts'
import { initialState } from '@trainyard/verifier/canonical/init.ts'
import { dataOrder } from '@trainyard/verifier/canonical/order.ts'
import { threefry, threefryOf } from '@trainyard/verifier/canonical/threefry.ts'
import type { TrainingJob } from '@trainyard/verifier/canonical/types.ts'
import { checkpointRoot } from '@trainyard/verifier/checkpointRoot.ts'
import { toHex } from '@trainyard/verifier/hash/hex.ts'
import { stateRoot } from '@trainyard/verifier/hash/stateRoot.ts'
import { expect } from 'vitest'
import { dockerTest } from '../../../helpers/docker.ts'
import { runPython } from '../../../helpers/torchImage.ts'

const TIMEOUT_MS = 600_000
const job: TrainingJob = {
  model: { kind: 'mlp', layers: [40, 33, 5] },
  seed: `0x${'9e3779b97f4a7c15'.repeat(4)}`,
  hyperparameters: { batchSize: 5, learningRate: 0.1, momentum: 0.9 },
  steps: 60,
  stepsPerSegment: 2,
  segmentsPerWindow: 3,
}
const seeds = Array.from({ length: 10 }, (_, window) => `0x${(window + 160).toString(16).repeat(32)}`)
const SAMPLES = 37

/** Sample ids of each step from `from` on, and where the stream stands after the last. */
function streamFrom(from: number) {
  const order = dataOrder(job, SAMPLES, seeds, from)
  const batch = new Uint32Array(job.hyperparameters.batchSize)
  const ids: number[][] = []
  for (let step = from; step < job.steps; step++) {
    order.next(batch)
    ids.push([...batch])
  }
  return { ids, cursor: order.cursor, epoch: order.epoch }
}

dockerTest(
  'default: batches from any step on are those that the verifier computes',
  async () => {
    const starts = [0, 1, 5, 6, 7, 8, 22, 31, 59]
    const found = await runPython(
      { job, seeds, samples: SAMPLES, starts },
      `
result = []
for start in given["starts"]:
    order = trainyard.DataOrder(given["job"], given["samples"], given["seeds"], start)
    ids = [order.next() for _ in range(start, given["job"]["steps"])]
    result.append({"ids": ids, "cursor": order.cursor, "epoch": order.epoch})`,
    )
    expect(found).toEqual(starts.map(streamFrom))
  },
  TIMEOUT_MS,
)

dockerTest(
  'behavior: the generator gives the words, and the weights, of the canonical trainer',
  async () => {
    const counters = [0, 1, 2, 77, 2 ** 31, 2 ** 32 - 1]
    const rng = threefryOf(job.seed)
    const words = counters.flatMap((c0) =>
      counters.map((c1) => {
        threefry(rng, c0, c1)
        return rng.x0
      }),
    )
    const bits = (values: Float32Array) => [
      ...new Uint32Array(values.buffer, values.byteOffset, values.length),
    ]
    const bound = Math.fround(Math.sqrt(Math.fround(6 / 40)))
    const found = await runPython(
      { seed: job.seed, counters, bound },
      `
import numpy
seed, counters = given["seed"], given["counters"]
words = [int(trainyard.threefry(seed, numpy.array([a], dtype=numpy.uint32), b)[0]) for a in counters for b in counters]
weights = trainyard.uniform(seed, 0, (33, 40), given["bound"])
result = {"words": words, "weights": weights.view(numpy.uint32).reshape(-1).tolist()}`,
    )
    expect(found).toEqual({ words, weights: bits(initialState(job).params[0]!) })
  },
  TIMEOUT_MS,
)

dockerTest(
  'behavior: a checkpoint has the same bytes and the same state root in both',
  async () => {
    const state = { ...initialState(job), step: 7, epoch: 1, cursor: 35 }
    const file = writeCheckpoint(state)
    const found = await runPython<{ root: string; again: string; scalars: string }>(
      { file: Buffer.from(file).toString('base64') },
      `
import base64, random
tensors = trainyard.read_safetensors(base64.b64decode(given["file"]))
mixed = sorted(tensors, key=lambda tensor: tensor[0][::-1])
result = {
    "root": trainyard.state_root(mixed),
    "again": base64.b64encode(trainyard.write_safetensors(mixed)).decode(),
    "scalars": trainyard.scalars(7, 1, 35)[3].decode(),
}`,
    )
    expect(found.root).toBe(checkpointRoot(file))
    expect(found.root).toBe(toHex(stateRoot(stateTensors(readCheckpoint(file, job.model.layers)))))
    expect(Buffer.from(found.again, 'base64').equals(Buffer.from(file))).toBe(true)
    expect(found.scalars).toBe('{"cursor":35,"epoch":1,"step":7}')
  },
  TIMEOUT_MS,
)

dockerTest(
  'behavior: numbers are written as ECMAScript writes them',
  async () => {
    const numbers = [
      0, 1, -1, 0.1, 5e-324, 1e-7, 1.5e-7, 0.000001, 123456789012345680000, 1e21, 1.7976931348623157e308,
    ]
    const halves = Array.from({ length: 600 }, (_, i) => Math.fround(1.37 ** (i - 300) * (i % 2 ? 1 : -1)))
    const values = [...numbers, ...halves].filter(Number.isFinite)
    const texts = await runPython<string[]>(
      { values },
      'result = [trainyard.number(value) for value in given["values"]]',
    )
    expect(texts).toEqual(values.map((value) => JSON.stringify(value)))
  },
  TIMEOUT_MS,
)
