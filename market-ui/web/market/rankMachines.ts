import type { Machine } from '../../server/api/schemas.ts'

export type Ranked = {
  readonly machine: Machine
  /** Wei an hour, rounded; infinite without an offer. For comparing only. */
  readonly price: number
  /** What a search looks through. */
  readonly text: string
  readonly done: number
  readonly ended: number
  /** Lower bound of the share of orders done, so that few orders count for little. */
  readonly reliability: number
  /** Median price over this price: 2 is half as dear. 0 without an offer. */
  readonly cheapness: number
  readonly score: number
}

/** A machine without orders counts as one that did three of five, so that it is neither hidden nor first. */
const PRIOR_DONE = 3
const PRIOR_ENDED = 5
/** One-sided 95 %. */
const Z = 1.645

/** Machines by score, best first; what is free before what works, what has no offer last. */
export const rankMachines = (machines: readonly Machine[]): Ranked[] => {
  const median = medianOf(machines.flatMap(({ offer }) => (offer ? [Number(offer.pricePerHourWei)] : [])))
  return machines
    .map((machine) => rankOf(machine, median))
    .sort(
      (a, b) =>
        orderOf(a) - orderOf(b) ||
        b.score - a.score ||
        Number(a.machine.machineId) - Number(b.machine.machineId),
    )
}

const rankOf = (machine: Machine, median: number): Ranked => {
  const { completed: done, failed, expired, offer } = machine
  const ended = done + failed + expired
  const reliability = wilsonLower(done + PRIOR_DONE, ended + PRIOR_ENDED)
  const price = offer ? Number(offer.pricePerHourWei) : Number.POSITIVE_INFINITY
  const cheapness = price > 0 ? median / price : 0
  const text = `${machine.owner} ${machine.hardwareClass} ${machine.specs?.cpu.brand ?? ''}`.toLowerCase()
  return { machine, price, text, done, ended, reliability, cheapness, score: reliability * cheapness }
}

const orderOf = ({ machine }: Ranked): number =>
  machine.offer === null ? 2 : machine.status === 'ForRent' ? 0 : 1

const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** Lower end of Wilson's score interval for `done` of `ended` (Wilson 1927, J. Am. Stat. Assoc. 22:209). */
export const wilsonLower = (done: number, ended: number): number => {
  const share = done / ended
  const z2 = (Z * Z) / ended
  const spread = Z * Math.sqrt((share * (1 - share)) / ended + (Z * Z) / (4 * ended * ended))
  return (share + z2 / 2 - spread) / (1 + z2)
}
