import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { trainerHash } from '@trainyard/verifier/trainerHash.ts'
import type { Logger } from 'pino'
import type { Template } from '../api/schemas.ts'
import type { BlockStore } from '../store/BlockStore.ts'
import { parseBlockCid } from '../store/parseBlockCid.ts'
import { digitsJob } from './digitsJob.ts'

/**
 * Puts the sample data into the store, where it stays, and returns the jobs a buyer can start from. Without a samples
 * folder, or with one that cannot be read, there are none.
 */
export const loadTemplates = async (
  samplesDir: string | undefined,
  store: BlockStore,
  logger: Logger,
): Promise<readonly Template[]> => {
  if (samplesDir === undefined) return []
  try {
    const keep = (name: string) => keepFile(join(samplesDir, 'digits', `${name}.safetensors`), store)
    const [trainCid, heldOutCid] = await Promise.all([keep('train'), keep('heldOut')])
    const job = digitsJob({ trainerHash: trainerHash(), trainCid, heldOutCid })
    const short = { ...job, name: 'digits-short', steps: 1_280, segmentsPerWindow: 5 }
    return [
      { name: 'digits', about: '16 x 16 images of printed digits, 5,120 to learn from', job },
      { name: 'digits-short', about: 'the same for a quarter of the steps: a first try', job: short },
    ]
  } catch (err) {
    logger.warn({ err }, 'the sample job cannot be offered')
    return []
  }
}

const keepFile = async (path: string, store: BlockStore): Promise<string> => {
  const { cid, blocks } = await addBytes(await readFile(path))
  for (const block of blocks) await store.pin(parseBlockCid(block.cid), block.bytes)
  return cid
}
