import { statfs } from 'node:fs/promises'
import { CannotContinue } from '../errors.ts'

const MIB = 1024 * 1024

/** Throws CannotContinue unless the file system of dir has neededBytes free for this user. */
export async function requireDiskSpace(dir: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dir)
  const freeBytes = bavail * bsize
  if (freeBytes >= neededBytes) return
  throw diskFull(
    dir,
    `${Math.floor(freeBytes / MIB)} MiB are free, ${Math.ceil(neededBytes / MIB)} MiB are needed`,
  )
}

/** The one sentence about a full disk. */
export function diskFull(dir: string, detail: string): CannotContinue {
  return new CannotContinue(`The disk of ${dir} is full: ${detail}.`, 'Free some space, or move dataDir.')
}
