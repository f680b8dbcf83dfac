import type { ProofMode } from '@trainyard/contracts/words.ts'
import { ClientError } from '../errors.ts'
import type { MachineOffer } from './listMachines.ts'

/**
 * The first offer that is free and long enough. Throws ClientError, which says why there is none: what is
 * busy may be free later (exit code 75), an offer that is too short stays so.
 * @param offered cheapest first
 * @param maxSeconds longest paid time
 */
export function chooseOffer(
  offered: readonly Pick<MachineOffer, 'offerId' | 'status' | 'maxSeconds' | 'modes'>[],
  maxSeconds: number,
  mode: ProofMode,
): bigint {
  if (offered.length === 0) {
    throw new ClientError('No machine is offered.', 'Try again later. No money moved.', { exitCode: 75 })
  }
  const machines = offered.filter(({ modes }) => modes.includes(mode))
  if (machines.length === 0) {
    throw new ClientError(
      `No machine that is offered takes orders in the mode ${mode.toLowerCase()}.`,
      'Choose another mode with --mode, or try again later. No money moved.',
    )
  }
  const fitting = machines.filter((offer) => offer.maxSeconds >= maxSeconds)
  if (fitting.length === 0) {
    const longest = Math.max(...machines.map((offer) => offer.maxSeconds))
    throw new ClientError(
      `No machine offers ${maxSeconds} s: the longest offer is ${longest} s.`,
      'Ask for less with --max-seconds. No money moved.',
    )
  }
  const free = fitting.find((offer) => offer.status === 'ForRent')
  if (free) return BigInt(free.offerId)
  throw new ClientError(
    `All machines that offer ${maxSeconds} s are busy with an order.`,
    'Try again later; "trainyard machines" shows when one is for rent. No money moved.',
    { exitCode: 75 },
  )
}
