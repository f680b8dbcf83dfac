// Hashes large checkpoints beside the daemon's own thread: see createLeafBuilder.ts.
import { parentPort, workerData } from 'node:worker_threads'
import { buildLeaf } from '@trainyard/verifier/buildLeaf.ts'
import { checkpointRoot } from '@trainyard/verifier/checkpointRoot.ts'
import type { OrderInputs } from '../context.ts'
import type { LeafAnswer, LeafTask } from './leafTask.ts'

const { job, train } = workerData as OrderInputs

parentPort?.on('message', (task: LeafTask) => {
  parentPort?.postMessage(answer(task))
})

function answer({ id, bytes, claim }: LeafTask): LeafAnswer {
  try {
    if (claim === undefined) return { id, root: checkpointRoot(bytes) }
    return { id, leaf: buildLeaf({ ...claim, job, data: train, after: bytes }) }
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) }
  }
}
