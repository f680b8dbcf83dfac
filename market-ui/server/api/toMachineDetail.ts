import type { StoredEvent } from '../follower/storedEvent.ts'
import type { DisputeSummary, Machine, MachineDetail } from './schemas.ts'

/** A machine with the offers it was ever put up under. */
export const toMachineDetail = (
  machine: Machine,
  events: readonly StoredEvent[],
  orderCount: number,
  disputes: readonly DisputeSummary[],
): MachineDetail => ({
  ...machine,
  orderCount,
  disputes: [...disputes],
  offers: events.flatMap((event) => {
    if (event.name !== 'OfferMade') return []
    const { offerId, pricePerHourWei, minSeconds, maxSeconds } = event.args
    return [{ offerId, pricePerHourWei, minSeconds, maxSeconds, txHash: event.txHash, at: event.at }]
  }),
})
