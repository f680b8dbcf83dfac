import { OutputRefused } from './driverErrors.ts'
import { openOutputFile } from './openOutputFile.ts'

/**
 * Reads jobDir/out/relPath, at most maxBytes of it, following no link in any component.
 * Errors: OutputRefused (a link, not a regular file, too large), ENOENT when there is no such file.
 */
export async function readOutputFile(jobDir: string, relPath: string, maxBytes: number): Promise<Buffer> {
  const handle = await openOutputFile(jobDir, relPath)
  try {
    const { size } = await handle.stat()
    if (size > maxBytes)
      throw new OutputRefused(relPath, `${size} bytes where at most ${maxBytes} are allowed`)
    // One byte more than stat said, to notice a file that grows while it is read.
    const bytes = Buffer.alloc(size + 1)
    let length = 0
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    if (length > maxBytes) throw new OutputRefused(relPath, `grew past ${maxBytes} bytes while being read`)
    return bytes.subarray(0, Math.min(length, size))
  } finally {
    await handle.close()
  }
}
