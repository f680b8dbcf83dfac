import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { readCheckpoint, writeModel } from '@trainyard/verifier/canonical/checkpoint.ts'
import { checkpointRoot } from '@trainyard/verifier/checkpointRoot.ts'
import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import { MAX_INDEX_BYTES, parseResultIndex } from '@trainyard/verifier/parseResultIndex.ts'
import type { Order } from '../../server/api/schemas.ts'
import { eventOf } from './eventOf.ts'
import { fetchCheckpoint } from './fetchCheckpoint.ts'

const TIMEOUT_MS = 120_000
const MAX_MODEL_BYTES = 256 * 1024 * 1024

/** One thing that was checked here, in this browser. */
export type Finding = { readonly outcome: 'ok' | 'bad' | 'unknown'; readonly text: string }
export type Verified = { readonly findings: readonly Finding[]; readonly model: Uint8Array | undefined }

/**
 * Fetches an order's model and checks it against the chain: the result named in the transaction that ended the order,
 * every block's hash, and the model's numbers against the last state that was committed. Never throws: what cannot be
 * checked is a finding.
 * @param grant opens a private order
 */
export const verifyResult = async (
  order: Order,
  deployment: Deployment,
  grant?: string,
): Promise<Verified> => {
  const findings: Finding[] = []
  const note = (outcome: Finding['outcome'], text: string) => void findings.push({ outcome, text })
  let model: Uint8Array | undefined
  try {
    const ended = await eventOf(order, deployment, 'OrderEnded')
    const { resultCid } = ended.args
    note('ok', `The chain names the result ${resultCid} (transaction ${ended.txHash}).`)
    const index = parseResultIndex(await get(resultCid, MAX_INDEX_BYTES))
    model = await get(index.model, MAX_MODEL_BYTES)
    note(
      'ok',
      `Every block of the model, ${model.length.toLocaleString('en')} bytes, has the hash that the result names.`,
    )
    note(...(await compareWithState(order, deployment, model, grant)))
  } catch (error) {
    note('bad', error instanceof Error ? error.message : String(error))
  }
  return { findings, model: findings.some(({ outcome }) => outcome === 'bad') ? undefined : model }
}

const get = (cid: string, maxBytes: number): Promise<Uint8Array> =>
  fetchContent({ cid, gateway: location.origin, maxBytes, timeoutMs: TIMEOUT_MS })

const compareWithState = async (
  order: Order,
  deployment: Deployment,
  model: Uint8Array,
  grant: string | undefined,
): Promise<[Finding['outcome'], string]> => {
  const layers = layersOf(order)
  if (order.committedSteps !== order.steps || layers === undefined)
    return [
      'unknown',
      'Not all steps were committed, or the model is not of a kind this page knows: whether it is the last state was not checked.',
    ]
  const { lastStateRoot } = (await eventOf(order, deployment, 'WindowCommitted')).args
  let checkpoint: Uint8Array
  try {
    checkpoint = await fetchCheckpoint(order.orderId, order.steps, grant)
  } catch {
    return [
      'unknown',
      "The seller's machine does not show the last checkpoint, so whether the model is the committed state was not checked.",
    ]
  }
  if (checkpointRoot(checkpoint) !== lastStateRoot)
    return ['bad', `The last checkpoint's root is not the one committed on chain (${lastStateRoot}).`]
  if (!isSame(writeModel(readCheckpoint(checkpoint, layers)), model))
    return ['bad', "The model is not the committed last checkpoint's weights."]
  return ['ok', `The model is the weights of the last checkpoint, whose root is on chain (${lastStateRoot}).`]
}

const layersOf = ({ job }: Order): number[] | undefined => {
  const [, text] = /^mlp ([\d-]+)$/.exec(job?.model ?? '') ?? []
  return text?.split('-').map(Number)
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])
