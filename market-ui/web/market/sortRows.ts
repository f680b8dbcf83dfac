import type { Ranked } from './rankMachines.ts'

export const sortings = {
  rank: 'Rank',
  price: 'Price, lowest first',
  reliability: 'Reliability, highest first',
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
  reliability: (a, b) => b.reliability - a.reliability,
  time: (a, b) => (b.machine.offer?.maxSeconds ?? 0) - (a.machine.offer?.maxSeconds ?? 0),
  newest: (a, b) => Number(b.machine.machineId) - Number(a.machine.machineId),
}

/** Sorts ranked rows; they come by rank, which stays the order among equals. */
export const sortRows = (rows: readonly Ranked[], sorting: Sorting): readonly Ranked[] =>
  sorting === 'rank' ? rows : rows.toSorted(compare[sorting])
