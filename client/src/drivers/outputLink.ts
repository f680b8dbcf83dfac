import { readlink } from 'node:fs/promises'
import { dirname, normalize } from 'node:path'

/** Below it lie the file systems that hold the output of runs, one folder for each scope. */
export const ROOM_ROOT = '/run/trainyard'

/**
 * Where a job directory's out leads if it is a link to a room, else undefined. Such a link is the daemon's
 * own: the job owns what is below out/, not the entry itself.
 */
export async function outputLink(outDir: string): Promise<string | undefined> {
  const target = await readlink(outDir).catch(() => undefined)
  if (target === undefined || target !== normalize(target)) return undefined
  return dirname(dirname(target)) === ROOM_ROOT ? target : undefined
}
