import { constants } from 'node:fs'
import { type FileHandle, lstat, open } from 'node:fs/promises'
import { join } from 'node:path'
import { OutputRefused } from './driverErrors.ts'
import { outputLink } from './outputLink.ts'

const MAX_DEPTH = 16

/**
 * Walks to the folder of jobDir/out/relPath, whose components may not be links, and calls `use` with a path for its last
 * component that means the same whatever the job renames meanwhile. Errors: OutputRefused, ENOENT, and what `use` throws.
 */
export async function walkOutput<T>(
  jobDir: string,
  relPath: string,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const components = splitOutputPath(relPath)
  const parents = components.slice(0, -1)
  const out = join(jobDir, 'out')
  let directory = await openPart((await outputLink(out)) ?? out, relPath, true)
  try {
    for (const index of parents.keys()) {
      const next = await openPart(childPath(directory, jobDir, components, index), relPath, true)
      await directory.close()
      directory = next
    }
    return await use(childPath(directory, jobDir, components, parents.length))
  } finally {
    await directory.close()
  }
}

function splitOutputPath(relPath: string): string[] {
  const components = relPath.split('/')
  const bad = components.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))
  if (bad || components.length > MAX_DEPTH) throw new OutputRefused(relPath, 'not a plain relative path')
  return components
}

/**
 * Node has no openat(2). On Linux /proc/self/fd/N names the directory that is open already, whatever the
 * job renames meanwhile, so that O_NOFOLLOW on the last component covers every component in turn.
 * Elsewhere the path is walked by name, which a job that runs at the same time could race.
 */
function childPath(directory: FileHandle, jobDir: string, components: string[], index: number): string {
  if (process.platform === 'linux') return `/proc/self/fd/${directory.fd}/${components[index]}`
  return join(jobDir, 'out', ...components.slice(0, index + 1))
}

/** Opens a folder or a file that is no link, without waiting for anybody. */
export async function openPart(path: string, relPath: string, isDirectory: boolean): Promise<FileHandle> {
  // O_NONBLOCK: opening a FIFO that nobody writes to must not hang.
  const kind = isDirectory ? constants.O_DIRECTORY : constants.O_NONBLOCK
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | kind)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENXIO') throw new OutputRefused(relPath, 'not a regular file')
    if (code !== 'ELOOP' && code !== 'EMLINK' && code !== 'ENOTDIR') throw error
    const isLink = (await lstat(path)).isSymbolicLink()
    throw new OutputRefused(
      relPath,
      isLink ? 'a component is a symbolic link' : 'a component is not a directory',
    )
  }
}
