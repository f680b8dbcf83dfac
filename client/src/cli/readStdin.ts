import { ClientError } from '../errors.ts'

const MAX_BYTES = 16 * 1024 * 1024

/** All of standard input. Throws ClientError if it is too much. */
export async function readStdin(): Promise<Uint8Array> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    length += part.length
    if (length > MAX_BYTES)
      throw new ClientError('Standard input is larger than 16 MiB.', 'Give it in parts.')
    parts.push(part)
  }
  return Buffer.concat(parts)
}
