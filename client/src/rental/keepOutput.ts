import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { putBlocks } from '@trainyard/verifier/content/putBlocks.ts'
import { InputInvalid } from '@trainyard/verifier/errors.ts'
import {
  MAX_OUTPUT_BYTES,
  MAX_OUTPUT_FILES,
  type OutputIndex,
  outputIndexBytes,
  parseOutputIndex,
} from '@trainyard/verifier/outputIndex.ts'
import { OutputRefused } from '../drivers/driverErrors.ts'
import { readOutputFile } from '../drivers/readOutputFile.ts'
import type { OrderContext } from '../engine/context.ts'
import { runName } from '../engine/runName.ts'
import { writeFileAtomic } from '../engine/writeFileAtomic.ts'
import { listOutput } from './listOutput.ts'

const ROOT = 'result'
/** Files beyond that are fetched from the machine alone, within a week. */
const MAX_STORED_BYTES = 256 * 1024 * 1024

export const OUTPUT_INDEX = 'index.json'

/**
 * Keeps what a rental's run left in /job/out/result: each file under its CID, beside an index of their paths. Then puts them
 * into the store, as far as it takes so many bytes.
 * @returns the index's CID
 */
export async function keepOutput(order: OrderContext, attempt: number): Promise<string> {
  const { result } = order.paths
  const index = await copyOutput(order, attempt)
  const bytes = outputIndexBytes(index)
  await writeFileAtomic(join(result, OUTPUT_INDEX), bytes)
  const cid = await put(order, bytes)
  let storable = MAX_STORED_BYTES
  for (const file of index.files) {
    storable -= file.bytes
    if (storable < 0) break
    await put(order, await readFile(join(result, file.cid)))
  }
  return cid
}

/** What is no plain file, or beyond the limits, is left out and logged. */
async function copyOutput({ paths, logger, orderId }: OrderContext, attempt: number): Promise<OutputIndex> {
  const dir = paths.runDir(runName(attempt))
  const index: OutputIndex = { files: [] }
  let left = MAX_OUTPUT_BYTES
  await mkdir(paths.result, { recursive: true })
  for (const path of await listOutput(dir, ROOT, MAX_OUTPUT_FILES)) {
    try {
      const bytes = await readOutputFile(dir, `${ROOT}/${path}`, left)
      const { cid } = await addBytes(bytes)
      const file = { path, bytes: bytes.length, cid }
      parseOutputIndex(outputIndexBytes({ files: [file] }))
      await writeFileAtomic(join(paths.result, cid), bytes)
      index.files.push(file)
      left -= bytes.length
    } catch (error) {
      if (!(error instanceof OutputRefused || error instanceof InputInvalid)) throw error
      logger.warn({ msg: 'left out of the result', orderId, path, reason: error.message })
    }
  }
  return index
}

async function put(order: OrderContext, bytes: Uint8Array): Promise<string> {
  const { cid, blocks } = await addBytes(bytes)
  await putBlocks(order.config.store, blocks)
  return cid
}
