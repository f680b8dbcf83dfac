import type { ChainContext } from '@trainyard/contracts/context.ts'
import { makeOffer } from '@trainyard/contracts/makeOffer.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readOffer } from '@trainyard/contracts/readOffer.ts'

const LIFETIME_SECONDS = 365 * 86_400
const RENEW_SECONDS = 7 * 86_400
const MIN_SECONDS = 1

/** Puts the machine up at this price unless it is; a new offer ends the machine's former one. */
export async function ensureOffer(
  chain: ChainContext,
  machineId: bigint,
  terms: { pricePerHourWei: bigint; maxSeconds: number },
): Promise<void> {
  const { pricePerHourWei, maxSeconds } = terms
  const { timestamp } = await readHead(chain)
  const { offerId } = await readMachine(chain, machineId)
  if (offerId !== 0n) {
    const offer = await readOffer(chain, offerId)
    const isSame = offer.pricePerHourWei === pricePerHourWei && offer.maxSeconds === maxSeconds
    if (offer.open && isSame && offer.expiresAt > timestamp + RENEW_SECONDS) return
  }
  const expiresAt = timestamp + LIFETIME_SECONDS
  await makeOffer(chain, { machineId, pricePerHourWei, minSeconds: MIN_SECONDS, maxSeconds, expiresAt })
}
