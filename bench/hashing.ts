import { spawnSync } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { stateRoot } from '@trainyard/verifier/hash/stateRoot.ts'
import { type Figure, median, round } from './lib/figure.ts'

const CHECKPOINT_BYTES = 1_000_000_000
const TENSORS = 8
const RUNS = 5
const OPENSSL_BLOCK_BYTES = 16_384

/** State root of a 1 GB checkpoint beside `openssl speed sha256`, both on one core, in turn: bytes a second of processor time. */
export async function measure(): Promise<Figure> {
  const tensors = Array.from({ length: TENSORS }, (_, index) => {
    const bytes = randomFillSync(new Uint8Array(CHECKPOINT_BYTES / TENSORS))
    return { name: `layer${index}.weight`, dtype: 'F32' as const, shape: [bytes.length / 4], bytes }
  })
  const runs = Array.from({ length: RUNS }, () => ({ ours: ourRun(tensors), openssl: opensslRun() }))
  const value = median(runs.map(({ ours }) => ours))
  const openssl = median(runs.map((run) => run.openssl))
  const ratio = round(value / openssl)
  return {
    figure: 'hashing',
    value: Math.round(value),
    unit: 'bytes/s',
    reference: '`openssl speed sha256`, one core',
    ratio,
    goal: '>= 0.8 of it',
    met: ratio >= 0.8,
    detail: { opensslBytesPerSecond: Math.round(openssl), checkpointBytes: CHECKPOINT_BYTES, runs: RUNS },
  }
}

function ourRun(tensors: Parameters<typeof stateRoot>[0]): number {
  const start = process.cpuUsage()
  stateRoot(tensors)
  const { user, system } = process.cpuUsage(start)
  return CHECKPOINT_BYTES / ((user + system) / 1e6)
}

/** It counts its own processor time unless told otherwise. Its machine-readable line ends in bytes a second for the block size asked for. */
function opensslRun(): number {
  const args = ['speed', '-mr', '-seconds', '1', '-bytes', String(OPENSSL_BLOCK_BYTES), '-evp', 'sha256']
  const done = spawnSync('openssl', args, { encoding: 'utf8', timeout: 60_000 })
  const found = /^\+F:.*:(\d+(?:\.\d+)?)$/m.exec(done.stdout)
  if (!found) throw new Error(`openssl speed failed: ${done.stderr}`)
  return Number(found[1])
}
