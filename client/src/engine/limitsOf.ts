import { availableParallelism, totalmem } from 'node:os'
import type { RunSpec } from '../drivers/driver.ts'

const GIB = 1024 ** 3

/** What one run may use: every core, half of the memory, and room for checkpoints. */
export function limitsOf(): RunSpec['limits'] {
  return {
    cpus: availableParallelism(),
    memoryBytes: Math.max(GIB / 2, Math.floor(totalmem() / 2)),
    diskBytes: 16 * GIB,
    pids: 128,
  }
}
