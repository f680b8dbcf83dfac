import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'

/** What one inode costs at least, so that millions of empty files count too. */
const INODE_BYTES = 4096

/**
 * Bytes that a directory tree occupies on disk (allocated blocks, not lengths), counted only up to
 * stopAtBytes. Follows no links. Entries that vanish meanwhile count as nothing.
 */
export async function measureDirectory(path: string, stopAtBytes: number): Promise<number> {
  let total = 0
  const pending = [path]
  while (pending.length > 0 && total <= stopAtBytes) {
    const directory = pending.pop() as string
    for await (const entry of entriesOf(directory)) {
      const child = join(directory, entry.name)
      const info = await lstat(child).catch(() => undefined)
      total += Math.max(INODE_BYTES, (info?.blocks ?? 0) * 512)
      if (entry.isDirectory()) pending.push(child)
      if (total > stopAtBytes) break
    }
  }
  return total
}

async function* entriesOf(path: string) {
  try {
    yield* await opendir(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EACCES') throw error
  }
}
