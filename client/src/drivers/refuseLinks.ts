import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { UnsafeJobDirectory } from './driverErrors.ts'

const MAX_ENTRIES = 100_000

/**
 * Throws when a directory tree holds a symbolic link, a device, a socket or a FIFO, or too many entries to
 * tell. Node's permission model follows links out of the folders that it allows, so none may be there.
 */
export async function refuseLinks(path: string): Promise<void> {
  let entries = 0
  const pending = [path]
  while (pending.length > 0) {
    const directory = pending.pop() as string
    for await (const entry of await opendir(directory)) {
      const child = join(directory, entry.name)
      entries += 1
      if (entries > MAX_ENTRIES) throw new UnsafeJobDirectory(path, `more than ${MAX_ENTRIES} entries`)
      if (entry.isDirectory()) pending.push(child)
      else if (!entry.isFile()) throw new UnsafeJobDirectory(child, 'is a link or a special file')
    }
  }
}
