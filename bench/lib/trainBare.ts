// The sample job with proofs off: `node trainBare.ts`. Training alone, no checkpoints, no progress, no hashes.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { initialState } from '@trainyard/verifier/canonical/init.ts'
import { trainSteps } from '@trainyard/verifier/canonical/train.ts'
import { digitsFolder, job, seeds } from './digits.ts'

const data = readDataSet(readFileSync(join(digitsFolder, 'train.safetensors')))
trainSteps({ job, data, seeds, state: initialState(job), fromStep: 0, toStep: job.steps })
