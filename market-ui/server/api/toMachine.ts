import { id as keccakOfText } from 'ethers'
import type { MachineFacts } from '../follower/facts.ts'
import type { Machine, Specs } from './schemas.ts'

/** Classes whose names are known; others are shown by their hash. */
const classNames: ReadonlyMap<string, string> = new Map(
  ['canonical'].map((name) => [keccakOfText(name), name]),
)

/** A machine as the API shows it; an offer past its time is none. */
export const toMachine = (
  machineId: number,
  facts: MachineFacts,
  said: { readonly specUri: string | null; readonly specs: Specs | null },
  nowSeconds: number,
): Machine => {
  const { machine, offer } = facts
  const isOpen = offer?.open === true && offer.expiresAt > nowSeconds
  return {
    machineId: String(machineId),
    owner: machine.owner,
    status: machine.status === 'ForRent' && !isOpen ? 'Idle' : machine.status,
    hardwareClass: classNames.get(machine.hardwareClass) ?? machine.hardwareClass,
    endpoint: machine.endpoint,
    ...said,
    currentOrderId: machine.currentOrderId === '0' ? null : machine.currentOrderId,
    completed: machine.completed,
    failed: machine.failed,
    expired: machine.expired,
    offer: isOpen
      ? {
          offerId: machine.offerId,
          pricePerHourWei: offer.pricePerHourWei,
          minSeconds: offer.minSeconds,
          maxSeconds: offer.maxSeconds,
          expiresAt: offer.expiresAt,
        }
      : null,
  }
}
