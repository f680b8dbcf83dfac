import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { sendBlocks } from './sendBlocks.ts'

/** What the canonical trainer can hold in memory is far below this; the store's share is the next limit. */
const MAX_FILE_BYTES = 256 * 1024 * 1024

/** The file is not one that can be trained on. Nothing was stored. */
class FileRefused extends Error {
  override readonly name = 'FileRefused'
  readonly title = 'This file cannot be used'
  readonly moneyMoved = false
  readonly suggestion = 'Give a safetensors file with images U8 [N,P] and labels U8 [N].'
}

export type AddedFile = { readonly cid: string; readonly samples: number; readonly pixels: number }

/** Checks a data file and puts it into the market's store. Throws FileRefused or ApiProblem. */
export const addFile = async (file: File, onShare: (share: number) => void): Promise<AddedFile> => {
  if (file.size > MAX_FILE_BYTES)
    throw new FileRefused(`${file.name} is larger than ${MAX_FILE_BYTES / 1024 ** 2} MiB.`)
  const bytes = new Uint8Array(await file.arrayBuffer())
  const { samples, pixels } = read(bytes, file.name)
  const { cid, blocks } = await addBytes(bytes)
  const total = blocks.reduce((sum, block) => sum + block.bytes.length, 0)
  await sendBlocks(blocks, (sent) => onShare(sent / total))
  return { cid, samples, pixels }
}

const read = (bytes: Uint8Array, name: string) => {
  try {
    return readDataSet(bytes)
  } catch (error) {
    throw new FileRefused(`${name}: ${error instanceof Error ? error.message : 'it cannot be read'}.`)
  }
}
