import { expect, test } from 'vitest'
import { partOf } from '../../../client/src/facts/partOf.ts'
import type { MachineReading } from '../../../client/src/facts/readMachineFacts.ts'

const gpu = (uuid: string) => ({
  model: 'NVIDIA L40S',
  uuid,
  memoryBytes: 48_000,
  driverVersion: '580',
  cudaVersion: '13.0',
})
const host: MachineReading = {
  facts: {
    version: 3,
    region: null,
    cpu: { manufacturer: 'AMD', brand: 'EPYC', cores: 9, physicalCores: 1 },
    memoryBytes: 1001,
    diskBytes: 2000,
    network: { linkMbps: null },
    os: { platform: 'linux', distro: 'Debian', release: '12', kernel: '6', arch: 'x64' },
    gpus: [gpu('one'), gpu('two'), gpu('three')],
  },
}

test('default: the whole host is what was measured', () => {
  expect(partOf(host, { share: 1 })).toEqual(host)
})

test('default: its region is what the seller says', () => {
  expect(partOf(host, { share: 1, region: 'eu-central' }).facts.region).toBe('eu-central')
})

test('default: a part has its share, rounded down, and the GPUs that are its own', () => {
  const { facts, gpuProblem } = partOf(host, { share: 0.5, gpus: ['three', 'one'] })
  expect(gpuProblem).toBeUndefined()
  expect(facts).toMatchObject({ cpu: { cores: 4, physicalCores: 1 }, memoryBytes: 500, diskBytes: 1000 })
  expect(facts.gpus.map(({ uuid }) => uuid)).toEqual(['one', 'three'])
})

test('error: a GPU that is not there is named', () => {
  expect(partOf(host, { share: 0.5, gpus: ['four'] }).gpuProblem).toBe('four is not in this machine')
})

test('behavior: GPUs that do not answer are no matter to a machine without any', () => {
  const hanging = { ...host, gpuProblem: 'nvidia-smi failed' }
  expect(partOf(hanging, { share: 0.5, gpus: [] }).gpuProblem).toBeUndefined()
  expect(partOf(hanging, { share: 0.5, gpus: ['one'] }).gpuProblem).toBe('nvidia-smi failed')
})
