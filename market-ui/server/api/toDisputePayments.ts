import type { DisputeFacts, OrderFacts } from '../follower/facts.ts'
import type { StoredEvent } from '../follower/storedEvent.ts'
import type { DisputePayment } from './schemas.ts'

type Part = Pick<DisputePayment, 'kind' | 'amountWei' | 'account'>

/**
 * Every movement of money that a dispute caused, with its transaction; nothing moved is nothing listed. `closing` are all
 * events of the closing transaction: where a slashed bond or stake went is said by Staking, which does not know disputes.
 */
export const toDisputePayments = (
  { challenger, bondWei }: DisputeFacts,
  { order }: OrderFacts,
  events: readonly StoredEvent[],
  closing: readonly StoredEvent[],
): DisputePayment[] => {
  const moved = events.flatMap((event): DisputePayment[] => {
    const at = (part: Part) => ({
      ...part,
      txHash: event.txHash,
      blockNumber: event.blockNumber,
      at: event.at,
    })
    if (event.name === 'Challenged')
      return [at({ kind: 'bond held', amountWei: bondWei, account: challenger })]
    if (event.name !== 'DisputeClosed') return []
    const later = closing.filter(({ logIndex }) => logIndex > event.logIndex)
    const slashed = (account: string) =>
      later.filter(({ name }) => name === 'Slashed').find(({ args }) => (args as Slash).account === account)
        ?.args as Slash | undefined
    if (event.args.sellerWins) return ofBond(slashed(challenger), challenger, order.seller).map(at)
    const returned: Part = { kind: 'bond returned', amountWei: bondWei, account: challenger }
    const settled = convictionIn(event, later)
    return [returned, ...(settled ? ofStake(settled, slashed(order.seller), order) : [])].map(at)
  })
  return moved.filter(({ amountWei }) => amountWei !== '0')
}

type Slash = Extract<StoredEvent, { name: 'Slashed' }>['args']

/** The order is settled in the transaction that decides against its seller, with a slash or without. */
const convictionIn = ({ orderId }: StoredEvent, later: readonly StoredEvent[]) =>
  later.filter((event) => event.name === 'OrderSettled').find((event) => event.orderId === orderId)

const ofBond = (slash: Slash | undefined, challenger: string, seller: string): Part[] =>
  slash === undefined
    ? []
    : [
        { kind: 'bond lost', amountWei: slash.amountWei, account: challenger },
        { kind: 'of that, to jurors', amountWei: slash.toChallengersWei, account: null },
        { kind: 'of that, to seller', amountWei: slash.toPayerWei, account: seller },
        { kind: 'of that, burned', amountWei: slash.burnedWei, account: null },
      ]

const ofStake = (
  { args: { auditorsPaidWei } }: Extract<StoredEvent, { name: 'OrderSettled' }>,
  slash: Slash | undefined,
  { seller, payer }: OrderFacts['order'],
): Part[] => [
  { kind: 'audit fee, to those who proved it', amountWei: auditorsPaidWei, account: null },
  ...(slash === undefined
    ? []
    : ([
        { kind: 'slashed from seller', amountWei: slash.amountWei, account: seller },
        { kind: 'of that, to payer', amountWei: slash.toPayerWei, account: payer },
        { kind: 'of that, to those who proved it', amountWei: slash.toChallengersWei, account: null },
        { kind: 'of that, burned', amountWei: slash.burnedWei, account: null },
      ] satisfies Part[])),
]
