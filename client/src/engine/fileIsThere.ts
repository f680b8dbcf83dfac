import { stat } from 'node:fs/promises'

/** Whether a path exists. Errors other than "not there" pass through. */
export async function fileIsThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}
