import { readFile } from 'node:fs/promises'
import { ClientError } from '../errors.ts'

/** Reads a file that the user named. Throws ClientError, which names it. */
export async function readUserFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EISDIR') {
      throw new ClientError(`${path} is a directory.`, 'Name the files in it. No money moved.', { cause })
    }
    throw new ClientError(`The file ${path} cannot be read.`, 'Check its path. No money moved.', { cause })
  }
}
