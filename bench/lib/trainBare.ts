// The sample job with proofs off: `node trainBare.ts`. It trains and evaluates; no checkpoints, no progress, no hashes.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { evaluate } from '@trainyard/verifier/canonical/evaluate.ts'
import { initialState } from '@trainyard/verifier/canonical/init.ts'
import { trainSteps } from '@trainyard/verifier/canonical/train.ts'
import { digitsFolder, job, seeds } from './digits.ts'

const [data, heldOut] = ['train', 'heldOut'].map((name) =>
  readDataSet(readFileSync(join(digitsFolder, `${name}.safetensors`))),
)
const state = trainSteps({
  job,
  data: data!,
  seeds,
  state: initialState(job),
  fromStep: 0,
  toStep: job.steps,
})
evaluate(job.model.layers, state.params, heldOut!)
