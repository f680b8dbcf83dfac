import { expect, test } from 'vitest'
import { filterMachines } from '../../../client/src/buyer/filterMachines.ts'
import type { SpecifiedMachine } from '../../../client/src/buyer/readSpecs.ts'
import { sortKeys, sortMachines } from '../../../client/src/buyer/sortMachines.ts'

const GIB = 1024 ** 3
const NOW_MS = 1_000_000_000

function machine(machineId: string, changes: Partial<SpecifiedMachine> = {}, gpus: [string, number][] = []) {
  const found: SpecifiedMachine = {
    ...{ machineId, seller: '0x', endpoint: '', status: 'ForRent', hardwareClass: 'c', specHash: '0x' },
    ...{ completed: 0, failed: 0, expired: 0, fulfilmentBps: 0, lastHeartbeatAt: 0, offerId: machineId },
    ...{ pricePerHourWei: '100', minSeconds: 1, maxSeconds: 3600 },
    modes: ['Bitwise'],
    score: {
      ...{ effectiveNutPerDay: '0', tecpNut: '0', decpNut: '0', creditedAt: 0 },
      ...{ mflops: '0', fresh: false, measuredAt: 0 },
    },
    specs: {
      version: 3,
      region: null,
      cpu: { manufacturer: 'AMD', brand: 'EPYC', cores: 16, physicalCores: 8 },
      memoryBytes: 63 * GIB, // of 64, less what the kernel keeps
      diskBytes: 0,
      network: { linkMbps: null },
      os: { platform: 'linux', distro: '', release: '', kernel: '', arch: 'x64' },
      gpus: gpus.map(([model, gib], i) => ({
        ...{ model, uuid: `${machineId}-${i}`, memoryBytes: gib * GIB },
        ...{ driverVersion: '580', cudaVersion: null },
      })),
    },
    ...changes,
  }
  return found
}

const all = [
  machine('1', { pricePerHourWei: '20' }, [['NVIDIA H100 80GB HBM3', 79.6]]),
  machine('2', { status: 'Renting', completed: 9, fulfilmentBps: 9000 }, [
    ['NVIDIA L40S', 45],
    ['NVIDIA L40S', 45],
  ]),
  machine('3', { specs: null, lastHeartbeatAt: NOW_MS / 1000 - 60, maxSeconds: 60 }),
]
const ids = (filter: Parameters<typeof filterMachines>[1]) =>
  filterMachines(all, filter, NOW_MS).machines.map(({ machineId }) => machineId)

test('default: nothing asked, nothing left out', () => {
  expect(filterMachines(all, {}, NOW_MS)).toEqual({ machines: all, without: {} })
})

test.each([
  [{ hardwareClass: 'd' }, []],
  [{ maxPriceWei: 99n }, ['1']],
  [{ seconds: 61 }, ['1', '2']],
  [{ isFree: true as const }, ['1', '3']],
  [{ gpu: 'h100' }, ['1']],
  [{ gpu: 'l40s', gpus: 2 }, ['2']],
  [{ gpus: 3 }, []],
  [{ vramGib: 80 }, ['1']],
  [{ cores: 16, memoryGib: 64 }, ['1', '2']],
  [{ completed: 1 }, ['2']],
  [{ keptPercent: 91 }, []],
  [{ aliveMinutes: 1 }, ['3']],
])('args: %o', (filter, expected) => {
  expect(ids(filter)).toEqual(expected)
})

test('behavior: each filter says how many there would be without it', () => {
  const { machines, without } = filterMachines(all, { isFree: true, gpu: 'l40s', maxPriceWei: 500n }, NOW_MS)
  expect(machines).toEqual([])
  expect(without).toEqual({ free: 1, gpu: 2, 'max-price': 0 })
})

test('behavior: any two filters leave what each of them leaves', () => {
  const filters = [
    { isFree: true as const },
    { gpu: 'n' },
    { seconds: 100 },
    { maxPriceWei: 50n },
    { cores: 1 },
  ]
  for (const a of filters)
    for (const b of filters) expect(ids({ ...a, ...b })).toEqual(ids(a).filter((id) => ids(b).includes(id)))
})

test('sort: the best first, every machine kept', () => {
  const order = (key: (typeof sortKeys)[number]) => sortMachines(all, key).map(({ machineId }) => machineId)
  expect(order('price')).toEqual(['1', '2', '3'])
  expect(order('vram')).toEqual(['2', '1', '3'])
  expect(order('duration')).toEqual(['1', '2', '3'])
  expect(order('heartbeat')).toEqual(['3', '1', '2'])
  for (const key of sortKeys) expect(order(key).sort()).toEqual(['1', '2', '3'])
})
