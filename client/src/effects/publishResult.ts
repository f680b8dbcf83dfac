import { join } from 'node:path'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { putBlocks } from '@trainyard/verifier/content/putBlocks.ts'
import { resultIndex } from '@trainyard/verifier/resultIndex.ts'
import { readOutputFile } from '../drivers/readOutputFile.ts'
import { findDamage } from '../engine/checkpoints/findDamage.ts'
import type { OrderContext } from '../engine/context.ts'
import { runName } from '../engine/runName.ts'
import { writeFileAtomic } from '../engine/writeFileAtomic.ts'
import { CannotContinue } from '../errors.ts'
import type { Action } from '../order/action.ts'

const MAX_MODEL_BYTES = 1024 ** 3
const MAX_METRICS_BYTES = 64 * 1024

/**
 * Once the last checkpoint is what was committed: keeps a copy of model and metrics, puts both into the store, and a small index
 * that names them. Of a refereed order they are only named: see deliverResult.
 */
export async function publishResult(order: OrderContext): Promise<Action> {
  const state = order.state()
  if (!('work' in state) || !state.work) throw new CannotContinue('No work.', 'Report this.')
  const damaged = await findDamage(order, (await order.job()).steps)
  if (damaged) return damaged
  const isSealed = state.work.opened !== undefined
  const dir = order.paths.runDir(runName(state.work.attempt))
  const publish = async (name: string, maxBytes: number) => {
    const bytes = await readOutputFile(dir, `result/${name}`, maxBytes)
    await writeFileAtomic(join(order.paths.result, name), bytes)
    if (!isSealed) await put(order, bytes)
    return bytes
  }
  const model = await publish('model.safetensors', MAX_MODEL_BYTES)
  const metrics = await publish('metrics.json', MAX_METRICS_BYTES)
  const index = await resultIndex({ model, metrics })
  const resultCid = isSealed ? (await addBytes(index)).cid : await put(order, index)
  return { type: 'ResultPublished', resultCid }
}

async function put(order: OrderContext, bytes: Uint8Array): Promise<string> {
  const { cid, blocks } = await addBytes(bytes)
  await putBlocks(order.config.store, blocks)
  return cid
}
