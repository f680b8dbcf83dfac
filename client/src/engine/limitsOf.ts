import { availableParallelism, totalmem } from 'node:os'
import type { RunSpec } from '../drivers/driver.ts'

const GIB = 1024 ** 3
const DISK_BYTES = 16 * GIB

/**
 * What one run may use: every core, half of the memory, and room for checkpoints; of a machine that is a part of the
 * host, its share of that.
 * @param part.diskBytes size of the machine's part of the disk; 0 if that is not known
 */
export function limitsOf(
  part: { share: number; diskBytes: number } = { share: 1, diskBytes: 0 },
): RunSpec['limits'] {
  const { share, diskBytes } = part
  const memoryBytes = Math.floor((totalmem() / 2) * share)
  return {
    cpus: availableParallelism() * share,
    memoryBytes: share === 1 ? Math.max(GIB / 2, memoryBytes) : memoryBytes,
    diskBytes: diskBytes > 0 ? Math.min(DISK_BYTES, diskBytes) : DISK_BYTES,
    pids: 128,
  }
}
