import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ImageNotLoaded } from '../drivers/driverErrors.ts'

/** Absolute paths of the loader and the shared libraries that a program needs, as ldd names them. */
export async function sharedLibraries(programPath: string): Promise<string[]> {
  try {
    const { stdout } = await promisify(execFile)('ldd', [programPath], {
      timeout: 10_000,
      env: { LC_ALL: 'C' },
    })
    return parseLdd(stdout)
  } catch (error) {
    if (error instanceof ImageNotLoaded) throw error
    const text = error instanceof Error ? error.message : String(error)
    throw new ImageNotLoaded(
      `ldd failed: ${text}`,
      'Use the process driver, or build the image on Linux with glibc.',
    )
  }
}

/** Reads ldd's output; the kernel's vdso, which has no file, is left out. */
export function parseLdd(output: string): string[] {
  const missing = /^\s*(\S+) => not found/m.exec(output)
  if (missing)
    throw new ImageNotLoaded(`the library ${missing[1]} is not installed`, 'Install it and try again.')
  const paths = output
    .split('\n')
    .flatMap((line) => /^\s*(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)/.exec(line)?.[1] ?? [])
  return [...new Set(paths)].sort()
}
