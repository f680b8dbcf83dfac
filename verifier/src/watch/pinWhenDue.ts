import { ChainError } from '@trainyard/contracts/errors.ts'
import { pinDraw } from '@trainyard/contracts/pinDraw.ts'
import { readDrawBeacon } from '@trainyard/contracts/readDrawBeacon.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import type { ParameterFacts } from '@trainyard/contracts/readParameters.ts'
import { ZeroAddress } from 'ethers'
import type { Auditor } from './auditor.ts'
import type { OrderWatch } from './orderWatch.ts'
import { showWhenDue } from './showWhenDue.ts'

/** Contracts read the hashes of the last 256 blocks; this leaves time to retry. */
const MAX_AGE_BLOCKS = 128

/**
 * Keeps an order's draw where it is: fixes its block where only the clock opened the audit (after a buyer's cancel, or of a refereed order), and
 * stores the seed before its block grows too old to be read. Otherwise the seed would move on, and whoever waits long
 * enough would get another draw. A drand round stays; it is shown as soon as it is there.
 */
export async function pinWhenDue(
  auditor: Auditor,
  watch: OrderWatch,
  facts: {
    readonly order: OrderFacts
    readonly parameters: ParameterFacts
    /** of a refereed order: when both were over and their sellers had time to open what they sealed */
    readonly opensAt: number | undefined
    readonly head: { readonly blockNumber: number; readonly timestamp: number }
  },
): Promise<void> {
  const { context, log } = auditor
  const { orderId } = watch
  const { order, parameters, head, opensAt = order.endedAt + parameters.lastWindowSeconds } = facts
  const beacon = await readDrawBeacon(context, orderId)
  const isKnown = /[1-9a-f]/.test(beacon.value.slice(2))
  if (isKnown && beacon.position === 0) return // stored
  if (context.deployment.beacon !== ZeroAddress) {
    if (beacon.position !== 0 && !isKnown) await showWhenDue(auditor, watch, beacon.position)
    return
  }
  const isDue =
    beacon.position === 0 ? head.timestamp >= opensAt : head.blockNumber - beacon.position > MAX_AGE_BLOCKS
  if (!isDue) return
  try {
    await pinDraw(context, { orderId })
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    log.info({ orderId: String(orderId), err: error }, 'nothing is left to pin')
  }
}
