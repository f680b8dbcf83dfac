import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { putBlocks } from '@trainyard/verifier/content/putBlocks.ts'
import { resultIndex } from '@trainyard/verifier/resultIndex.ts'
import type { OrderContext } from '../engine/context.ts'
import type { Action } from '../order/action.ts'

/** Puts the result of a refereed order, which was named on chain while windows were sealed, into the store. */
export async function deliverResult({ paths, config }: OrderContext): Promise<Action> {
  const model = await readFile(join(paths.result, 'model.safetensors'))
  const metrics = await readFile(join(paths.result, 'metrics.json'))
  for (const bytes of [model, metrics, await resultIndex({ model, metrics })]) {
    await putBlocks(config.store, (await addBytes(bytes)).blocks)
  }
  return { type: 'ResultDelivered' }
}
