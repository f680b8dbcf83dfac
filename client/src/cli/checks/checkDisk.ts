import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ORDER_SPARE_BYTES } from '../../engine/requireDiskSpace.ts'
import { type Check, check } from './check.ts'

const MIB = 1024 * 1024
/** Room for the checkpoints of some orders besides. */
const ADVICE_BYTES = 8 * 1024 * MIB

/** Free space where journal and orders are kept. */
export async function checkDisk(dataDir: string): Promise<Check> {
  let folder = dataDir
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder)
  const { bavail, bsize } = await statfs(folder)
  const freeBytes = bavail * bsize
  const status = freeBytes < ORDER_SPARE_BYTES ? 'fail' : freeBytes < ADVICE_BYTES ? 'warn' : 'pass'
  return check(
    { id: 'disk', title: 'Free disk space', purpose: 'An order whose checkpoints do not fit is given up.' },
    {
      status,
      actual: Math.floor(freeBytes / MIB),
      required: (status === 'fail' ? ORDER_SPARE_BYTES : ADVICE_BYTES) / MIB,
      unit: 'MiB',
      remediation: status === 'pass' ? null : `Free some space, or move dataDir (${dataDir}).`,
    },
  )
}
