import { describe, expect, it } from 'vitest'
import type { Machine } from '../../../market-ui/server/api/machineSchemas.ts'
import {
  applyFilters,
  chipsOf,
  loosenings,
  readFilters,
  withFilter,
} from '../../../market-ui/web/market/filters.ts'
import { rankMachines, wilsonLower } from '../../../market-ui/web/market/rankMachines.ts'
import { sortRows } from '../../../market-ui/web/market/sortRows.ts'

const machine = (number: number, changes: Partial<Machine> = {}): Machine => ({
  machineId: String(number),
  owner: `0x${'00'.repeat(20)}`,
  status: 'ForRent',
  hardwareClass: 'canonical',
  endpoint: 'https://x.example',
  specs: null,
  currentOrderId: null,
  completed: 0,
  failed: 0,
  expired: 0,
  offer: {
    offerId: '1',
    pricePerHourWei: '1000000000000000000',
    minSeconds: 1,
    maxSeconds: 600,
    expiresAt: 0,
  },
  uptime: null,
  effectiveNutPerDay: '0',
  proved: null,
  proofModes: null,
  ...changes,
})

const specs: NonNullable<Machine['specs']> = {
  region: null,
  cpu: { brand: 'x', cores: 1 },
  memoryBytes: 1,
  diskBytes: 100 * 1024 ** 3,
  os: { distro: 'x', release: 'x', kernel: 'x' },
  gpus: [],
}
const gpu = { model: 'H200', memoryBytes: 1, driverVersion: null, cudaVersion: null, count: 1 }

const ids = (rows: readonly { machine: Machine }[]) => rows.map((row) => row.machine.machineId)

describe('rankMachines', () => {
  it('default: reliable and cheap first, working after free, not offered last', () => {
    const offer = { ...machine(0).offer!, pricePerHourWei: '3000000000000000000' }
    const rows = rankMachines([
      machine(1, { offer: null }),
      machine(2, { status: 'Renting', completed: 50 }),
      machine(3, { offer }),
      machine(4, { completed: 10 }),
      machine(5),
      machine(6, { failed: 10 }),
    ])
    expect(ids(rows)).toEqual(['4', '5', '3', '6', '2', '1'])
  })

  it('behavior: one order done does not outrank many, and none is neither first nor last', () => {
    const rows = rankMachines([
      machine(1, { completed: 1 }),
      machine(2, { completed: 90, failed: 2 }),
      machine(3),
      machine(4, { failed: 3 }),
    ])
    expect(ids(rows)).toEqual(['2', '1', '3', '4'])
  })

  it('default: the bound is below the share, nearer the more there is to go by', () => {
    const bounds = [2, 20, 200, 2000].map((count) => wilsonLower(count / 2, count))
    expect(bounds).toEqual(bounds.toSorted((a, b) => a - b))
    expect(bounds.at(-1)).toBeCloseTo(0.5 - 1.645 * Math.sqrt(0.25 / 2000), 3) // the normal limit
    expect(wilsonLower(0, 10)).toBe(0)
  })
})

describe('what a rank is made of', () => {
  const priced = (number: number, dev: number, changes: Partial<Machine> = {}) =>
    machine(number, {
      offer: { ...machine(0).offer!, pricePerHourWei: `${dev}${'0'.repeat(18)}` },
      ...changes,
    })
  const withGpu = (model: string, count: number) => ({
    specs: { ...specs, gpus: [{ ...gpu, model, count }] },
  })

  it('default: prices are compared with those of the same GPU, each', () => {
    const rows = rankMachines([
      priced(1, 80, withGpu('H200', 8)), // 10 each
      priced(2, 10, withGpu('H200', 1)),
      priced(3, 5, withGpu('H200', 1)),
      priced(4, 1),
    ])
    expect(rows.map((row) => [row.machine.machineId, row.peers.count, row.cheapness])).toEqual([
      ['3', 3, 2],
      ['1', 3, 1],
      ['2', 3, 1],
      ['4', 1, 1],
    ])
  })

  it('behavior: a price of next to nothing counts for two at most, one of a million for a half at least', () => {
    const rows = rankMachines([priced(1, 0), priced(2, 5), priced(3, 5), priced(4, 1_000_000)])
    expect(rows.map(({ cheapness }) => cheapness)).toEqual([2, 1, 1, 0.5])
    expect(rows.map(({ rank }) => rank)).toEqual([1, 2, 3, 4])
  })

  it('behavior: answering always ranks before answering half of the time, not having been asked between', () => {
    const rows = rankMachines([
      machine(1, { uptime: { asked: 2000, answered: 1000 } }),
      machine(2),
      machine(3, { uptime: { asked: 2000, answered: 2000 } }),
    ])
    expect(ids(rows)).toEqual(['3', '2', '1'])
  })

  it('default: score over price, in ut for each DEV of a day', () => {
    const [row] = rankMachines([priced(1, 2, { effectiveNutPerDay: '96000000000' })])
    expect([row?.score, row?.utPerDev]).toEqual([96, 2])
  })
})

describe('filters', () => {
  const rows = rankMachines([
    machine(1),
    machine(2, { offer: null, status: 'Idle' }),
    machine(3, { status: 'Renting' }),
  ])

  it('default: an address without filters shows what is offered, and says so', () => {
    const active = readFilters('')
    expect([ids(applyFilters(rows, active)), chipsOf(active)]).toEqual([
      ['1', '3'],
      [{ key: 'state', text: 'Offered' }],
    ])
  })

  it('behavior: whatever an address says, nothing but valid filters is in force', () => {
    expect(readFilters('?state=nonsense&vram=-1&price=abc&minutes=&q=%20&toString=1')).toEqual({})
    expect(readFilters('?price=10&q=x')).toEqual({ state: 'offered', price: '10', q: 'x' })
  })

  it('behavior: setting and removing leaves the rest of the address alone', () => {
    expect(withFilter('?sort=price&price=3', 'price', undefined)).toBe('?sort=price')
    expect(withFilter('?sort=price', 'state', undefined)).toBe('?sort=price&state=any')
    expect(withFilter('?state=any', 'state', 'offered')).toBe('')
  })

  it('behavior: what loosening adds is what the list then shows', () => {
    const active = readFilters('?state=free&minutes=20')
    expect(applyFilters(rows, active)).toEqual([])
    for (const { key, adds } of loosenings(rows, active)) {
      const { [key]: _gone, ...rest } = active
      expect(applyFilters(rows, rest)).toHaveLength(adds)
    }
    expect(loosenings(rows, active).map(({ key }) => key)).toEqual(['minutes'])
  })

  it('behavior: machines without a price come last by price', () => {
    expect(ids(sortRows(rows, 'price')).at(-1)).toBe('2')
  })

  it('default: how many GPUs and which CUDA, version numbers compared part by part', () => {
    const withGpus = (number: number, cudaVersions: (string | null)[]) =>
      machine(number, {
        specs: {
          ...specs,
          gpus: cudaVersions.map((cudaVersion) => ({
            model: 'H200',
            memoryBytes: 1,
            driverVersion: '570.9.1',
            cudaVersion,
            count: 1,
          })),
        },
      })
    const rows = rankMachines([
      withGpus(1, ['12.10']),
      withGpus(2, ['12.9', '12.9']),
      withGpus(3, [null, '13.0']),
      machine(4),
    ])
    const kept = (search: string) => ids(applyFilters(rows, readFilters(search)))
    expect(kept('?gpus=2').sort()).toEqual(['2', '3'])
    expect(kept('?cuda=12.10').sort()).toEqual(['1', '3'])
    expect(kept('?cuda=13')).toEqual(['3'])
    expect(kept('?driver=570.2').sort()).toEqual(['1', '2', '3'])
    expect(kept('?driver=570.10')).toEqual([])
    expect(kept('?cuda=nonsense').sort()).toEqual(['1', '2', '3', '4'])
    expect(chipsOf(readFilters('?gpus=2&cuda=12.4')).map(({ text }) => text)).toEqual([
      'Offered',
      '2 GPUs or more',
      'CUDA 12.4 or later',
    ])
  })

  it('default: region, disk, uptime, score, proof and the age of the last proof', () => {
    const rows = rankMachines([
      machine(1, { specs: { ...specs, region: 'Oslo, Norway' } }),
      machine(2, { uptime: { asked: 2000, answered: 2000 }, effectiveNutPerDay: '5000000000' }),
      machine(3, {
        proofModes: ['None', 'Bitwise'],
        proved: { orders: 1, lastAt: Math.floor(Date.now() / 1000) - 7200 },
      }),
    ])
    const kept = (search: string) => ids(applyFilters(rows, readFilters(search)))
    const shown = {
      '?region=oslo': '1',
      '?disk=100': '1',
      '?disk=101': '',
      '?uptime=99': '2',
      '?score=5': '2',
      '?score=5.1': '',
      '?proof=bitwise': '3',
      '?proof=none': '3',
      '?proved=3': '3',
      '?proved=1': '',
    }
    expect(Object.keys(shown).map((search) => [search, kept(search).join()])).toEqual(Object.entries(shown))
  })
})
