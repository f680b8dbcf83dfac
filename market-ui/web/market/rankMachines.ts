import type { Machine } from '../../server/api/machineSchemas.ts'

export type Ranked = {
  readonly machine: Machine
  /** From 1. */
  readonly rank: number
  /** Wei an hour, rounded; infinite without an offer. For comparing only. */
  readonly price: number
  /** The same for each GPU, or for the machine if it has none. */
  readonly unitPrice: number
  readonly gpus: number
  /** What a search looks through. */
  readonly text: string
  readonly done: number
  readonly ended: number
  /** Lower bound of the share of orders done, so that few orders count for little. */
  readonly reliability: number
  /** Lower bound of the share of questions that its endpoint answered. */
  readonly uptime: number
  /** Whose prices its own is compared with: offered machines with the same GPU, or without one. */
  readonly peers: Peers
  /** Their median price over this price, from a half to two: 2 is half as dear, or less. 0 without an offer. */
  readonly cheapness: number
  /** What it is ranked by: reliability x uptime x cheapness. */
  readonly worth: number
  /** Effective score, ut a day. */
  readonly score: number
  /** Score over what the machine costs in the same time; 0 without an offer. */
  readonly utPerDev: number
}

type Peers = { readonly name: string; readonly count: number; readonly medianUnitPrice: number }

/** A machine without orders counts as one that did three of five, so that it is neither hidden nor first. */
const PRIOR_DONE = 3
const PRIOR_ENDED = 5
/** One that was hardly asked counts as one that answered nine times of ten. */
const PRIOR_ANSWERED = 9
const PRIOR_ASKED = 10
/** Nobody gets to the top by a price of next to nothing. */
const MAX_CHEAPNESS = 2
/** One-sided 95 %. */
const Z = 1.645
const WEI_PER_DEV = 1e18
const NUT_PER_UT = 1e9
const HOURS_PER_DAY = 24

/** Machines by worth, best first; what is free before what works, what has no offer last. */
export const rankMachines = (machines: readonly Machine[]): readonly Ranked[] => {
  const peers = peersAmong(machines)
  return machines
    .map((machine) => rankOf(machine, peers.get(peerName(machine)) ?? NO_PEERS))
    .sort(
      (a, b) =>
        orderOf(a) - orderOf(b) ||
        b.worth - a.worth ||
        Number(a.machine.machineId) - Number(b.machine.machineId),
    )
    .map((row, index) => Object.assign(row, { rank: index + 1 }))
}

const NO_PEERS: Peers = { name: '', count: 0, medianUnitPrice: 0 }

const rankOf = (machine: Machine, peers: Peers): Ranked => {
  const { completed: done, failed, expired, offer, specs } = machine
  const ended = done + failed + expired
  const reliability = reliabilityOf(machine)
  const uptime = uptimeBound(machine.uptime)
  const gpus = gpuCount(machine)
  const price = offer ? Number(offer.pricePerHourWei) : Number.POSITIVE_INFINITY
  const unitPrice = price / Math.max(1, gpus)
  const cheapness = offer ? clamp(peers.medianUnitPrice / Math.max(1, unitPrice)) : 0
  const score = Number(machine.effectiveNutPerDay) / NUT_PER_UT
  return {
    ...{
      machine,
      rank: 0,
      price,
      unitPrice,
      gpus,
      done,
      ended,
      reliability,
      uptime,
      peers,
      cheapness,
      score,
    },
    worth: reliability * uptime * cheapness,
    utPerDev: offer && price > 0 ? score / ((price / WEI_PER_DEV) * HOURS_PER_DAY) : 0,
    text: `${machine.owner} ${machine.hardwareClass} ${specs?.cpu.brand ?? ''} ${specs?.region ?? ''} ${
      specs?.gpus.map(({ model }) => model).join(' ') ?? ''
    }`.toLowerCase(),
  }
}

const clamp = (cheapness: number): number => Math.min(MAX_CHEAPNESS, Math.max(1 / MAX_CHEAPNESS, cheapness))

/** How many GPUs a machine says it has. */
export const gpuCount = ({ specs }: Pick<Machine, 'specs'>): number => {
  let sum = 0
  for (const { count } of specs?.gpus ?? []) sum += count
  return sum
}

const NO_GPU = 'no GPU'
const peerName = ({ specs }: Machine): string => specs?.gpus[0]?.model ?? NO_GPU

const peersAmong = (machines: readonly Machine[]): ReadonlyMap<string, Peers> => {
  const prices = new Map<string, number[]>()
  for (const machine of machines) {
    if (machine.offer === null) continue
    const name = peerName(machine)
    const unitPrice = Number(machine.offer.pricePerHourWei) / Math.max(1, gpuCount(machine))
    const known = prices.get(name)
    if (known) known.push(unitPrice)
    else prices.set(name, [unitPrice])
  }
  return new Map(
    [...prices].map(([name, all]) => [name, { name, count: all.length, medianUnitPrice: medianOf(all) }]),
  )
}

/** What a GPU of each model costs an hour in the middle, the models of most offers first. */
export const medianPrices = (machines: readonly Machine[]): readonly Peers[] =>
  [...peersAmong(machines).values()].filter(({ name }) => name !== NO_GPU).sort((a, b) => b.count - a.count)

const orderOf = ({ machine }: Ranked): number =>
  machine.offer === null ? 2 : machine.status === 'ForRent' ? 0 : 1

const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** Lower bound of the share of orders that a machine does. */
export const reliabilityOf = ({
  completed,
  failed,
  expired,
}: Pick<Machine, 'completed' | 'failed' | 'expired'>) =>
  wilsonLower(completed + PRIOR_DONE, completed + failed + expired + PRIOR_ENDED)

/** Lower bound of the share of questions that a machine answers. */
const uptimeBound = (uptime: Machine['uptime']): number =>
  wilsonLower((uptime?.answered ?? 0) + PRIOR_ANSWERED, (uptime?.asked ?? 0) + PRIOR_ASKED)

/** Lower end of Wilson's score interval for `done` of `ended` (Wilson 1927, J. Am. Stat. Assoc. 22:209). */
export const wilsonLower = (done: number, ended: number): number => {
  const share = done / ended
  const z2 = (Z * Z) / ended
  const spread = Z * Math.sqrt((share * (1 - share)) / ended + (Z * Z) / (4 * ended * ended))
  return (share + z2 / 2 - spread) / (1 + z2)
}
