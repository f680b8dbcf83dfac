import type { FileHandle } from 'node:fs/promises'
import { OutputRefused } from './driverErrors.ts'
import { openPart, walkOutput } from './walkOutput.ts'

/**
 * Opens jobDir/out/relPath for reading. The job owns everything below out/ and may be hostile and still
 * running, so no component may be a link and the last one must be a regular file.
 * Errors: OutputRefused for what is there but must not be read; ENOENT passes through.
 */
export async function openOutputFile(jobDir: string, relPath: string): Promise<FileHandle> {
  return walkOutput(jobDir, relPath, async (path) =>
    refuseUnlessFile(await openPart(path, relPath, false), relPath),
  )
}

async function refuseUnlessFile(handle: FileHandle, relPath: string): Promise<FileHandle> {
  const info = await handle.stat()
  if (info.isFile()) return handle
  await handle.close()
  throw new OutputRefused(relPath, 'not a regular file')
}
