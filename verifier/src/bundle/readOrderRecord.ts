import type { ChainContext } from '@trainyard/contracts/context.ts'
import { ChainUnreachable } from '@trainyard/contracts/errors.ts'
import { readBeacon } from '@trainyard/contracts/readBeacon.ts'
import { readDraw } from '@trainyard/contracts/readDraw.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { type ResumeFacts, readResume } from '@trainyard/contracts/readResume.ts'
import { readWindow } from '@trainyard/contracts/readWindow.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import { readResultCid } from '../order/readResultCid.ts'
import type { OrderRecord } from './orderRecord.ts'

/**
 * Reads an order's record from the chain, windows and the result's CID from events. Throws ChainError and
 * ChainUnreachable.
 */
export async function readOrderRecord(context: ChainContext, orderId: bigint): Promise<OrderRecord> {
  const { chainId, genesisHash, token, runtime, balances, machines, staking, ...others } = context.deployment
  const { market, proofs, windows: windowsPallet, disputes } = others
  const order = await readOrder(context, orderId)
  const count = await readWindowCount(context, orderId)
  const windows: OrderRecord['windows'] = []
  for (let index = 0; index < count; index++) windows.push(await readWindowRecord(context, orderId, index))
  const draw = await readDraw(context, orderId)
  const { terms } = order
  const resumed = await readResume(context, orderId)
  return {
    chainId,
    genesisHash,
    contracts: {
      token,
      runtime,
      balances,
      machines,
      staking,
      market,
      proofs,
      windows: windowsPallet,
      disputes,
    },
    orderId: `${orderId}`,
    seller: order.seller,
    buyer: order.buyer,
    jobHash: terms.jobHash,
    terms: { ...terms, offerId: `${terms.offerId}` },
    windows,
    drawn: draw.ready ? [...draw.segments] : [],
    status: order.status,
    closeReason: order.closeReason,
    resultCid: order.endedAt === 0 ? '' : await readResultCid(context, orderId, order.startedBlock),
    ...(resumed && { resumed: recordOf(resumed) }),
  } as OrderRecord // the chain's hex strings have the form that the schema asks for
}

function recordOf({ fromOrderId, window, stateRoot }: ResumeFacts) {
  return { orderId: `${fromOrderId}`, window, stateRoot }
}

async function readWindowRecord(context: ChainContext, orderId: bigint, index: number) {
  const window = await readWindow(context, orderId, index)
  if (!window) throw new ChainUnreachable(`The node does not know window ${index} of order ${orderId} yet.`)
  const beacon = await readBeacon(context, orderId, index)
  return {
    ...window,
    beaconBlock: beacon.position,
    beacon: beacon.value,
  } as OrderRecord['windows'][number]
}
