import { formatSeconds } from '../format/formatTime.ts'
import { offeredModes } from '../ordering/proofModes.ts'
import type { Ranked } from './rankMachines.ts'

/** One filter of the market's list: its name in the address, what it keeps, and its words on a chip. */
type Filter = {
  readonly key: FilterKey
  readonly keeps: (row: Ranked, value: string) => boolean
  readonly chip: (value: string) => string
  readonly isValid: (value: string) => boolean
}

export type FilterKey =
  | 'state'
  | 'proof'
  | 'q'
  | 'gpu'
  | 'gpus'
  | 'vram'
  | 'driver'
  | 'cuda'
  | 'memory'
  | 'disk'
  | 'region'
  | 'price'
  | 'minutes'
  | 'done'
  | 'uptime'
  | 'score'
  | 'proved'
export type Filters = Readonly<Partial<Record<FilterKey, string>>>

const GIB = 1024 ** 3
const WEI_PER_DEV = 1e18
const isNumber = (value: string): boolean =>
  value !== '' && Number.isFinite(Number(value)) && Number(value) >= 0
/** Whether a version such as 12.10 is another or a later one: part by part, as numbers. */
const isAtLeast = (version: string, wanted: string): boolean => {
  if (!/^\d/.test(version)) return false
  const [have, want] = [version, wanted].map((text) => text.split('.').map(Number)) as [number[], number[]]
  for (const [index, part] of want.entries()) {
    const own = have[index] ?? 0
    if (own !== part) return own > part
  }
  return true
}

const isVersion = (value: string): boolean => /^\d{1,4}(\.\d{1,4}){0,2}$/.test(value)
const isText = (value: string): boolean => value.trim() !== ''
const has = (text: string, part: string): boolean => text.toLowerCase().includes(part.trim().toLowerCase())

const states: Readonly<Record<string, { text: string; keeps: (row: Ranked) => boolean }>> = {
  offered: { text: 'Offered', keeps: ({ machine }) => machine.offer !== null },
  free: { text: 'Free now', keeps: ({ machine }) => machine.offer !== null && machine.status === 'ForRent' },
}

/** In force unless the address says otherwise: what is not offered cannot be ordered. */
const DEFAULT_STATE = 'offered'

const filters: readonly Filter[] = [
  {
    key: 'state',
    keeps: (row, value) => states[value]?.keeps(row) ?? true,
    chip: (value) => states[value]?.text ?? value,
    isValid: (value) => Object.hasOwn(states, value),
  },
  {
    key: 'proof',
    keeps: ({ machine }, value) => machine.proofModes?.some((mode) => mode.toLowerCase() === value) ?? false,
    chip: (value) => (value === 'none' ? 'No proof' : `Proof ${value}`),
    isValid: (value) => offeredModes.some((mode) => mode.value === value),
  },
  {
    key: 'q',
    keeps: ({ machine, text }, value) =>
      `#${machine.machineId}` === value.trim() || text.includes(value.trim().toLowerCase()),
    chip: (value) => `“${value}”`,
    isValid: isText,
  },
  {
    key: 'gpu',
    keeps: ({ machine }, value) => machine.specs?.gpus.some(({ model }) => has(model, value)) ?? false,
    chip: (value) => `GPU ${value}`,
    isValid: isText,
  },
  {
    key: 'gpus',
    keeps: ({ gpus }, value) => gpus >= Number(value),
    chip: (value) => `${value} GPUs or more`,
    isValid: isNumber,
  },
  {
    key: 'driver',
    keeps: ({ machine }, value) =>
      machine.specs?.gpus.some(({ driverVersion }) => isAtLeast(driverVersion ?? '', value)) ?? false,
    chip: (value) => `Driver ${value} or later`,
    isValid: isVersion,
  },
  {
    key: 'cuda',
    keeps: ({ machine }, value) =>
      machine.specs?.gpus.some(({ cudaVersion }) => isAtLeast(cudaVersion ?? '', value)) ?? false,
    chip: (value) => `CUDA ${value} or later`,
    isValid: isVersion,
  },
  {
    key: 'vram',
    keeps: ({ machine }, value) =>
      machine.specs?.gpus.some(({ memoryBytes }) => memoryBytes >= Number(value) * GIB) ?? false,
    chip: (value) => `VRAM at least ${value} GiB`,
    isValid: isNumber,
  },
  {
    key: 'memory',
    keeps: ({ machine }, value) => (machine.specs?.memoryBytes ?? 0) >= Number(value) * GIB,
    chip: (value) => `Memory at least ${value} GiB`,
    isValid: isNumber,
  },
  {
    key: 'disk',
    keeps: ({ machine }, value) => (machine.specs?.diskBytes ?? 0) >= Number(value) * GIB,
    chip: (value) => `Disk at least ${value} GiB`,
    isValid: isNumber,
  },
  {
    key: 'region',
    keeps: ({ machine }, value) => has(machine.specs?.region ?? '', value),
    chip: (value) => `Region ${value}`,
    isValid: isText,
  },
  {
    key: 'price',
    keeps: ({ price }, value) => price <= Number(value) * WEI_PER_DEV,
    chip: (value) => `At most ${value} DEV an hour`,
    isValid: isNumber,
  },
  {
    key: 'minutes',
    keeps: ({ machine }, value) => (machine.offer?.maxSeconds ?? 0) >= Number(value) * 60,
    chip: (value) => `For ${formatSeconds(Number(value) * 60)} or longer`,
    isValid: isNumber,
  },
  {
    key: 'done',
    keeps: (row, value) => row.reliability * 100 >= Number(value),
    chip: (value) => `Reliability at least ${value} %`,
    isValid: isNumber,
  },
  {
    key: 'uptime',
    keeps: (row, value) => row.uptime * 100 >= Number(value),
    chip: (value) => `Uptime at least ${value} %`,
    isValid: isNumber,
  },
  {
    key: 'score',
    keeps: (row, value) => row.score >= Number(value),
    chip: (value) => `Score at least ${value} ut a day`,
    isValid: isNumber,
  },
  {
    key: 'proved',
    keeps: ({ machine }, value) =>
      machine.proved !== null && Date.now() / 1000 - machine.proved.lastAt <= Number(value) * 3600,
    chip: (value) => `Proved within ${value} h`,
    isValid: isNumber,
  },
]

/** The filters that an address has, defaults included; what is not valid is none. */
export const readFilters = (search: string): Filters => {
  const given = new URLSearchParams(search)
  const found: Partial<Record<FilterKey, string>> = {}
  for (const { key, isValid } of filters) {
    const value = given.get(key) ?? (key === 'state' ? DEFAULT_STATE : '')
    if (isValid(value)) found[key] = value.slice(0, 80)
  }
  return found
}

/** The address's query with a filter set, or taken away by undefined. Other parts stay. */
export const withFilter = (search: string, key: FilterKey, value: string | undefined): string => {
  const params = new URLSearchParams(search)
  if (key === 'state' && value === undefined) params.set(key, 'any')
  else if (value === undefined || value === '' || (key === 'state' && value === DEFAULT_STATE))
    params.delete(key)
  else params.set(key, value)
  const text = params.toString()
  return text && `?${text}`
}

/** Rows that pass all filters but one. */
const passing = (rows: readonly Ranked[], active: Filters, except?: FilterKey): Ranked[] => {
  const used = filters.flatMap(({ key, keeps }) => {
    const value = active[key]
    return value === undefined || key === except ? [] : [(row: Ranked) => keeps(row, value)]
  })
  return rows.filter((row) => used.every((keeps) => keeps(row)))
}

/** The rows that pass. */
export const applyFilters = (rows: readonly Ranked[], active: Filters): Ranked[] => passing(rows, active)

export type Chip = { readonly key: FilterKey; readonly text: string }

/** The active filters in words. */
export const chipsOf = (active: Filters): Chip[] =>
  filters.flatMap(({ key, chip }) => {
    const value = active[key]
    return value === undefined ? [] : [{ key, text: chip(value) }]
  })

/** What taking each filter away would add, most first: for a list that came out empty. */
export const loosenings = (rows: readonly Ranked[], active: Filters): (Chip & { readonly adds: number })[] =>
  chipsOf(active)
    .map((chip) => ({ ...chip, adds: passing(rows, active, chip.key).length }))
    .filter(({ adds }) => adds > 0)
    .sort((a, b) => b.adds - a.adds)
