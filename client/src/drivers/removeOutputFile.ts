import { unlink } from 'node:fs/promises'
import { walkOutput } from './walkOutput.ts'

const GONE_OR_FOREIGN = ['ENOENT', 'EACCES', 'EPERM', 'EISDIR', 'EROFS']

/**
 * Deletes jobDir/out/relPath, following no link, if it is there and the daemon may. Only on Linux: elsewhere a job that
 * runs meanwhile could have another file deleted in its place. Errors: OutputRefused where a link is on the way.
 */
export async function removeOutputFile(jobDir: string, relPath: string): Promise<void> {
  if (process.platform !== 'linux') return
  try {
    await walkOutput(jobDir, relPath, unlink)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!GONE_OR_FOREIGN.includes(code)) throw error
  }
}
