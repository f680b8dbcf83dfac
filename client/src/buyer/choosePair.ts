import { ClientError } from '../errors.ts'
import { chooseOffer } from './chooseOffer.ts'
import type { MachineOffer } from './listMachines.ts'

type Offered = Pick<MachineOffer, 'offerId' | 'status' | 'maxSeconds' | 'modes' | 'seller' | 'hardwareClass'>

/**
 * Two offers of different sellers for one refereed order: those named, else the cheapest free ones. Throws ClientError, which
 * says why there are none: what is busy may be free later (exit code 75).
 * @param offered cheapest first
 * @param named the first offer, and the one with it
 * @param maxSeconds longest paid time
 */
export function choosePair(
  offered: readonly Offered[],
  named: { first?: bigint | undefined; second?: bigint | undefined },
  maxSeconds: number,
): { offerId: bigint; secondOfferId: bigint } {
  const offerId = named.first ?? chooseOffer(offered, maxSeconds, 'Refereed')
  const first = offered.find((offer) => offer.offerId === String(offerId))
  if (named.second !== undefined) {
    const second = offered.find((offer) => offer.offerId === String(named.second))
    if (first && second) requireFit(first, second)
    return { offerId, secondOfferId: named.second }
  }
  const others = offered.filter((offer) => !first || (offer.offerId !== first.offerId && fits(first, offer)))
  const able = others.filter(
    ({ modes, maxSeconds: most }) => modes.includes('Refereed') && most >= maxSeconds,
  )
  if (able.length === 0) {
    const what = `No machine of another seller takes refereed orders of ${maxSeconds} s in the same hardware class as that of offer ${offerId}.`
    throw new ClientError(what, 'Choose another mode with --mode, or try again later. No money moved.')
  }
  return { offerId, secondOfferId: chooseOffer(able, maxSeconds, 'Refereed') }
}

const fits = (a: Offered, b: Offered) => a.seller !== b.seller && a.hardwareClass === b.hardwareClass

/** One person could pass anything with two machines of its own; unlike hardware gives other bits. */
function requireFit(first: Offered, second: Offered): void {
  if (fits(first, second)) return
  const why = first.seller === second.seller ? 'are of one seller' : 'are of two hardware classes'
  throw new ClientError(
    `The machines of offers ${first.offerId} and ${second.offerId} ${why}: they cannot check each other.`,
    'Give --with an offer of another seller, in the same class. No money moved.',
  )
}
