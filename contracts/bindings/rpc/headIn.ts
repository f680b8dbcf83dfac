import type { JsonRpcPayload } from 'ethers'
import type { RpcAnswer, RpcHead } from './createEndpoint.ts'

/** The newest block, if that is what was asked for and answered. */
export function headIn(payload: JsonRpcPayload, answer: RpcAnswer): RpcHead | undefined {
  if (!isHeadRequest(payload)) return undefined
  const number = quantityIn(answer, 'number')
  const timestamp = quantityIn(answer, 'timestamp')
  return number === undefined || timestamp === undefined ? undefined : { number, timestamp }
}

/** A block that exists according to a transaction's receipt. */
export function receiptBlockIn(payload: JsonRpcPayload, answer: RpcAnswer): number | undefined {
  return payload.method === 'eth_getTransactionReceipt' ? quantityIn(answer, 'blockNumber') : undefined
}

/** Whether the newest block is asked for. */
export function isHeadRequest({ method, params }: JsonRpcPayload): boolean {
  return method === 'eth_getBlockByNumber' && Array.isArray(params) && params[0] === 'latest'
}

function quantityIn(answer: RpcAnswer, field: string): number | undefined {
  const result: unknown = 'result' in answer ? answer.result : undefined
  if (typeof result !== 'object' || result === null) return undefined
  const value = (result as Record<string, unknown>)[field]
  return typeof value === 'string' && /^0x[0-9a-f]{1,13}$/.test(value) ? Number(value) : undefined
}
