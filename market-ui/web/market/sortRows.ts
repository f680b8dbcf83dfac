import type { Ranked } from './rankMachines.ts'

export const sortings = {
  rank: 'Rank',
  price: 'Price, lowest first',
  unitPrice: 'Price of a GPU, lowest first',
  score: 'Score, highest first',
  value: 'Score per DEV, highest first',
  reliability: 'Reliability, highest first',
  uptime: 'Uptime, highest first',
  proof: 'Last proof, newest first',
  time: 'Longest order first',
  newest: 'Newest first',
} as const

export type Sorting = keyof typeof sortings

/** The order that an address asks for. */
export const readSorting = (search: string): Sorting => {
  const value = new URLSearchParams(search).get('sort') ?? ''
  return Object.hasOwn(sortings, value) ? (value as Sorting) : 'rank'
}

const compare: Readonly<Record<Exclude<Sorting, 'rank'>, (a: Ranked, b: Ranked) => number>> = {
  price: (a, b) => a.price - b.price || 0, // two without a price differ by NaN
  unitPrice: (a, b) => a.unitPrice - b.unitPrice || 0,
  score: (a, b) => b.score - a.score,
  value: (a, b) => b.utPerDev - a.utPerDev,
  reliability: (a, b) => b.reliability - a.reliability,
  uptime: (a, b) => b.uptime - a.uptime,
  proof: (a, b) => (b.machine.proved?.lastAt ?? 0) - (a.machine.proved?.lastAt ?? 0),
  time: (a, b) => (b.machine.offer?.maxSeconds ?? 0) - (a.machine.offer?.maxSeconds ?? 0),
  newest: (a, b) => Number(b.machine.machineId) - Number(a.machine.machineId),
}

/** Sorts ranked rows; they come by rank, which stays the order among equals. */
export const sortRows = (rows: readonly Ranked[], sorting: Sorting): readonly Ranked[] =>
  sorting === 'rank' ? rows : rows.toSorted(compare[sorting])
