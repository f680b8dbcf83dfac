import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { openPart, walkOutput } from '../drivers/walkOutput.ts'

const MAX_DEPTH = 8

/**
 * Paths of the files below jobDir/out/root, in order of their names, following no link; at most maxFiles, and none of a
 * folder that is not there. What is found may be something else by the time it is opened, which openOutputFile sees.
 */
export async function listOutput(jobDir: string, root: string, maxFiles: number): Promise<string[]> {
  const found: string[] = []
  const list = async (folder: string, depth: number): Promise<void> => {
    for (const entry of await entriesOf(jobDir, folder ? `${root}/${folder}` : root)) {
      if (found.length >= maxFiles) return
      const path = folder ? `${folder}/${entry.name}` : entry.name
      if (entry.isDirectory()) depth < MAX_DEPTH && (await list(path, depth + 1))
      else if (entry.isFile()) found.push(path)
    }
  }
  await list('', 1)
  return found
}

async function entriesOf(jobDir: string, folder: string): Promise<Dirent[]> {
  try {
    return await walkOutput(jobDir, folder, async (path) => {
      const handle = await openPart(path, folder, true)
      try {
        const open = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path
        const entries = await readdir(open, { withFileTypes: true })
        return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
      } finally {
        await handle.close()
      }
    })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
