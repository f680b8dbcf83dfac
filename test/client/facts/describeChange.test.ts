import { expect, test } from 'vitest'
import { describeChange } from '../../../client/src/facts/describeChange.ts'
import type { GpuFacts, MachineFacts } from '../../../client/src/facts/machineFacts.ts'

const GIB = 1024 ** 3
const gpu = (n: number, changes: Partial<GpuFacts> = {}): GpuFacts => ({
  model: 'NVIDIA L40S',
  uuid: `GPU-${n}`,
  memoryBytes: 48 * GIB,
  driverVersion: '580.65.06',
  cudaVersion: '13.0',
  ...changes,
})
const before: MachineFacts = {
  version: 3,
  region: null,
  cpu: { manufacturer: 'AMD', brand: 'EPYC', cores: 32, physicalCores: 16 },
  memoryBytes: 64 * GIB,
  diskBytes: 500 * GIB,
  network: { linkMbps: 1000 },
  os: { platform: 'linux', distro: 'Debian', release: '13', kernel: '6.12.1', arch: 'x64' },
  gpus: [gpu(1), gpu(2)],
}

test('default: the same machine after an update of its system', () => {
  const after = {
    ...before,
    memoryBytes: before.memoryBytes - 40_000_000,
    diskBytes: 510 * GIB,
    network: { linkMbps: null },
    os: { ...before.os, release: '14', kernel: '6.18.0' },
    gpus: [gpu(2), gpu(1)],
  }
  expect(describeChange(before, after)).toEqual([])
})

test('behavior: a region that is said otherwise is a change', () => {
  expect(describeChange(before, { ...before, region: 'eu-central' })).toEqual([
    'The region was not said and is eu-central.',
  ])
})

test('behavior: each change is a sentence', () => {
  const after = {
    ...before,
    cpu: { ...before.cpu, cores: 16 },
    memoryBytes: 32 * GIB,
    diskBytes: 250 * GIB,
    gpus: [gpu(2, { driverVersion: '590.1' }), gpu(3)],
  }
  expect(describeChange(before, after)).toEqual([
    'The processor was AMD EPYC with 32 cores and is AMD EPYC with 16 cores.',
    'The memory was 64.0 GiB and is 32.0 GiB.',
    'The disk was 500.0 GiB and is 250.0 GiB.',
    'NVIDIA L40S (GPU-1) is gone.',
    'NVIDIA L40S (GPU-2) had driver 580.65.06 and has 590.1.',
    'NVIDIA L40S (GPU-3) is new.',
  ])
})
