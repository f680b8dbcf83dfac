import { statfs } from 'node:fs/promises'
import { CannotContinue } from '../errors.ts'

const MIB = 1024 * 1024

/** What an order takes besides its checkpoints: data, result, logs and journal, generously. */
export const ORDER_SPARE_BYTES = 256 * MIB

/**
 * Throws CannotContinue unless the file system of dir has neededBytes free for this user.
 * @param reclaim called first if it has not, to delete what is no longer needed
 */
export async function requireDiskSpace(
  dir: string,
  neededBytes: number,
  reclaim: () => Promise<void>,
): Promise<void> {
  if ((await freeBytesOf(dir)) >= neededBytes) return
  await reclaim()
  const freeBytes = await freeBytesOf(dir)
  if (freeBytes >= neededBytes) return
  throw diskFull(
    dir,
    `${Math.floor(freeBytes / MIB)} MiB are free, ${Math.ceil(neededBytes / MIB)} MiB are needed`,
  )
}

async function freeBytesOf(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir)
  return bavail * bsize
}

/** The one sentence about a full disk. */
export function diskFull(dir: string, detail: string): CannotContinue {
  return new CannotContinue(`The disk of ${dir} is full: ${detail}.`, 'Free some space, or move dataDir.')
}
