import { cancelOffer } from '@trainyard/contracts/cancelOffer.ts'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { makeOffer } from '@trainyard/contracts/makeOffer.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readOffer } from '@trainyard/contracts/readOffer.ts'

const LIFETIME_SECONDS = 365 * 86_400
const RENEW_SECONDS = 7 * 86_400
const MIN_SECONDS = 1

export type OfferTerms = { pricePerHourWei: bigint; maxSeconds: number }
/** What had to be done: a new offer ends the machine's former one. */
export type OfferChange = 'none' | 'made' | 'cancelled'

/** Puts the machine up on these terms unless it is; without terms takes its offer back if it has one. */
export async function ensureOffer(
  chain: ChainContext,
  machineId: bigint,
  terms: OfferTerms | undefined,
): Promise<OfferChange> {
  const { offerId } = await readMachine(chain, machineId)
  const offer = offerId === 0n ? undefined : await readOffer(chain, offerId)
  if (!terms) {
    if (offerId === 0n) return 'none'
    await cancelOffer(chain, { offerId })
    return 'cancelled'
  }
  const { pricePerHourWei, maxSeconds } = terms
  const { timestamp } = await readHead(chain)
  const isSame = offer?.pricePerHourWei === pricePerHourWei && offer.maxSeconds === maxSeconds
  if (offer?.open && isSame && offer.expiresAt > timestamp + RENEW_SECONDS) return 'none'
  const expiresAt = timestamp + LIFETIME_SECONDS
  await makeOffer(chain, { machineId, pricePerHourWei, minSeconds: MIN_SECONDS, maxSeconds, expiresAt })
  return 'made'
}
