import { createHash } from 'node:crypto'
import { join } from 'node:path'

/** Where an order's files lie. Only run directories are ever given to a job. */
export type OrderPaths = {
  root: string
  spec: string
  train: string
  heldOut: string
  /** A file of a program's job. */
  file(name: string): string
  /** Checkpoint of another order that this one resumes from; of one that begins anew there is none. */
  start: string
  /** Checkpoints as they were hashed: copies that the job cannot touch. */
  checkpoints: string
  checkpoint(step: number): string
  /** Checkpoints that were dropped and computed again, thrown away when the daemon starts. */
  recomputed: string
  result: string
  runDir(run: string): string
}

/** Paths of an order below the data directory. */
export function orderPaths(dataDir: string, orderId: string): OrderPaths {
  const root = join(dataDir, 'orders', orderId)
  return {
    root,
    spec: join(root, 'spec.json'),
    train: join(root, 'data', 'train.safetensors'),
    heldOut: join(root, 'data', 'heldOut.safetensors'),
    file: (name) => join(root, 'data', name),
    start: join(root, 'start.safetensors'),
    checkpoints: join(root, 'checkpoints'),
    checkpoint: (step) => join(root, 'checkpoints', `${step}.safetensors`),
    recomputed: join(root, 'recomputed'),
    result: join(root, 'result'),
    runDir: (run) => join(root, `run-${run}`),
  }
}

/** Prefix of an order's run ids: two daemons on one host, or one on two chains, never share a run. */
export function runPrefix(owner: { market: string; machineId: bigint; chainId: number }, orderId: string) {
  const text = `${owner.chainId}:${owner.market.toLowerCase()}:${owner.machineId}`
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8)
  return `ty-${hash}-o${orderId}-`
}
