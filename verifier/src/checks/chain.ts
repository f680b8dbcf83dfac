import { connect } from '@trainyard/contracts/context.ts'
import { ChainError, ChainUnreachable, WrongChain } from '@trainyard/contracts/errors.ts'
import { closeReasonName } from '@trainyard/contracts/words.ts'
import { recordedRounds } from '../beacon/recordedRounds.ts'
import { deploymentOf } from '../bundle/deploymentOf.ts'
import type { OrderRecord } from '../bundle/orderRecord.ts'
import type { Bundle } from '../bundle/read.ts'
import { readOrderRecord } from '../bundle/readOrderRecord.ts'
import { canonicalBytes } from '../json.ts'
import { type Finding, fail } from '../verdict.ts'

const MOVING: readonly OrderRecord['status'][] = ['Preparing', 'Training', 'Auditing', 'Disputed']

/** order.json says what the contracts it names say. */
export async function checkChain(bundle: Bundle, rpcUrl: string | undefined): Promise<Finding[]> {
  if (!rpcUrl) return [{ status: 'not-compared', detail: 'not compared with a chain (--rpc)' }]
  const claimed = bundle.order()
  try {
    const found = await fromChain(claimed, rpcUrl)
    return differences(claimed, found).map((field) => fail(describe(field, found)))
  } catch (error) {
    const isChain =
      error instanceof ChainUnreachable || error instanceof WrongChain || error instanceof ChainError
    if (!isChain) throw error
    return [{ status: 'undecided', detail: error.message }]
  }
}

async function fromChain(claimed: OrderRecord, rpcUrl: string): Promise<OrderRecord> {
  const { orderId } = claimed
  const context = await connect({ rpcUrl, deployment: deploymentOf(claimed) })
  try {
    return await readOrderRecord({ ...context, rounds: recordedRounds(claimed) }, BigInt(orderId))
  } finally {
    context.runner.provider?.destroy()
  }
}

function describe(field: keyof OrderRecord, { status, closeReason }: OrderRecord): string {
  const said = field === 'status' ? `: ${status} (${closeReasonName(closeReason) ?? closeReason})` : ''
  return `${field} is not what the chain says${said}`
}

/**
 * Fields that differ. What an open order may still change is not compared, but the chain says whether it is
 * open: else a record from before the verdict would hide that the order was settled as fraud.
 */
function differences(claimed: OrderRecord, found: OrderRecord): (keyof OrderRecord)[] {
  const open = MOVING.includes(claimed.status) && MOVING.includes(found.status)
  const fields = Object.keys({ ...found, ...claimed }) as (keyof OrderRecord)[]
  return fields.filter((field) => {
    if (open && (field === 'status' || field === 'closeReason' || field === 'resultCid')) return false
    if (field === 'drawn' && open && claimed.drawn.length === 0) return false
    const now = field === 'windows' && open ? found.windows.slice(0, claimed.windows.length) : found[field]
    return (
      Buffer.compare(canonicalBytes(plain(claimed[field] ?? null)), canonicalBytes(plain(now ?? null))) !== 0
    )
  })
}

/** Addresses are written in any case. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replace(/0x[0-9a-fA-F]{40}"/g, (hex) => hex.toLowerCase()))
}
