import { challenge } from '@trainyard/contracts/challenge.ts'
import { challengeSteps } from '@trainyard/contracts/challengeSteps.ts'
import { readBond } from '@trainyard/contracts/readBond.ts'
import { readChallengeBond } from '@trainyard/contracts/readChallengeBond.ts'
import { readToken } from '@trainyard/contracts/token.ts'
import { formatUnits } from 'ethers'
import type { OrderContext } from '../engine/context.ts'
import { ownStepRoots } from '../engine/ownStepRoots.ts'
import type { Difference } from './differenceIn.ts'
import { tell } from './tell.ts'

/**
 * Challenges the twin's segment with what this machine came to, under bond of its stake, once. A machine whose replay does not
 * come to what it committed itself keeps still: it would pay for its own fault. Throws ChainError and ChainUnreachable.
 */
export async function challengeTwin(
  order: OrderContext,
  twin: bigint,
  difference: Difference,
): Promise<void> {
  const { chain, orderId, journal, seller } = order
  const { segment, window, own, claim } = difference
  const isMalformed = typeof claim === 'string'
  const roots = isMalformed ? undefined : await ownStepRoots(order, segment)
  const isOwnFault = roots
    ? roots.at(-1) !== own.stateRootAfter
    : !isMalformed && !(await order.checkpoints.comesOutAgain(own.lastStep))
  if (isOwnFault) {
    journal.saveFact(challengedName(order), 'own replay differs')
    tell(
      order,
      `Segment ${segment}, replayed here, is not what was committed: the twin, order ${twin}, is not challenged.`,
    )
    return
  }
  const lackingWei = await lackingBond(order, twin)
  if (lackingWei > 0n) {
    const { symbol, decimals } = await readToken(chain, seller)
    const lacking = `${formatUnits(lackingWei, decimals)} ${symbol}`
    const what = `Order ${twin} differs from this one in segment ${segment} (window ${window}), and the free stake is ${lacking} short of the bond to challenge it.`
    if (journal.fact(`unbonded:${orderId}`) === undefined)
      tell(order, `${what} Bond more until its audit ends.`)
    journal.saveFact(`unbonded:${orderId}`, true)
    return
  }
  const isOtherEnd = !isMalformed && roots !== undefined && roots.at(-1) !== claim.leaf.stateRootAfter
  const { disputeId } = isOtherEnd
    ? await challengeSteps(chain, {
        orderId: twin,
        claim: { ...claim, leaf: { ...claim.leaf, orderId: twin } },
        roots,
      })
    : await challenge(chain, { orderId: twin, segment })
  journal.saveFact(challengedName(order), String(disputeId))
  const why = isMalformed
    ? `shows leaves of window ${window} that cannot be what it committed (${claim})`
    : `differs from this one in segment ${segment} (window ${window})`
  tell(order, `Order ${twin} ${why}: challenged, dispute ${disputeId}.`)
}

/** Whether this order's twin was challenged from here, or is not going to be. */
export function wasChallenged(order: OrderContext): boolean {
  return order.journal.fact(challengedName(order)) !== undefined
}

const challengedName = ({ orderId }: OrderContext) => `challengedTwin:${orderId}`

async function lackingBond({ chain, seller }: OrderContext, twin: bigint): Promise<bigint> {
  const { activeWei, reservedWei } = await readBond(chain, seller)
  return (await readChallengeBond(chain, twin)) - (activeWei - reservedWei)
}
