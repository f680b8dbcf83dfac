import type { ChainContext } from '@trainyard/contracts/context.ts'
import { ChainUnreachable } from '@trainyard/contracts/errors.ts'
import { lookUpRound } from '@trainyard/contracts/lookUpRound.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readBeacon } from '@trainyard/contracts/readBeacon.ts'
import { readDrandNetwork } from '@trainyard/contracts/readDrandNetwork.ts'
import { readDraw } from '@trainyard/contracts/readDraw.ts'
import { type OrderFacts, readOrder } from '@trainyard/contracts/readOrder.ts'
import { type ResumeFacts, readResume } from '@trainyard/contracts/readResume.ts'
import { readTwin } from '@trainyard/contracts/readTwin.ts'
import { readWindow, type WindowFacts } from '@trainyard/contracts/readWindow.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import { toBeHex, ZeroAddress } from 'ethers'
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
  for (let index = 0; index < count; index++) {
    const found = await readWindow(context, orderId, index)
    if (!found && order.terms.mode === 'Refereed') break // sealed, as are all after it
    windows.push(await readWindowRecord(context, orderId, index, found))
  }
  const draw = await readDraw(context, orderId)
  const { terms } = order
  const resumed = await readResume(context, orderId)
  const drand = await readDrand(context, order)
  const twin = await readTwin(context, orderId)
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
      ...(drand && { beacon: context.deployment.beacon }),
    },
    ...(drand && { drand }),
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
    ...(twin !== undefined && { twin: `${twin}` }),
  } as OrderRecord // the chain's hex strings have the form that the schema asks for
}

function recordOf({ fromOrderId, window, stateRoot }: ResumeFacts) {
  return { orderId: `${fromOrderId}`, window, stateRoot }
}

/** The network by which an order's windows are seeded, where one is. */
async function readDrand(context: ChainContext, { placedAt, startedAt }: OrderFacts) {
  if (context.deployment.beacon === ZeroAddress) return undefined
  const { name: _, publicKey, ...network } = await readDrandNetwork(context)
  const marginRounds = Number(await read(context, 'beacon', 'MARGIN_ROUNDS', []))
  return { ...network, publicKey: publicKey.map(toWord), marginRounds, placedAt, startedAt }
}

async function readWindowRecord(
  context: ChainContext,
  orderId: bigint,
  index: number,
  found: WindowFacts | undefined,
) {
  if (!found) throw new ChainUnreachable(`The node does not know window ${index} of order ${orderId} yet.`)
  const { committedAt, ...window } = found
  const beacon = await readBeacon(context, orderId, index)
  return {
    ...window,
    beaconBlock: beacon.position,
    beacon: beacon.value,
    ...(context.deployment.beacon !== ZeroAddress && {
      committedAt,
      roundSignature: (await lookUpRound(context, beacon.position))?.signature.map(toWord),
    }),
  } as OrderRecord['windows'][number]
}

function toWord(value: bigint): string {
  return toBeHex(value, 32)
}
