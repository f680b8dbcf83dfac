import type { SpecifiedMachine } from './readSpecs.ts'

export const sortKeys = [
  'price',
  'duration',
  'completed',
  'kept',
  'heartbeat',
  'vram',
  'cores',
  'memory',
] as const
export type SortKey = (typeof sortKeys)[number]

/** The best first: the cheapest, else the one with most. Among equals the cheapest, then the oldest. */
export function sortMachines(machines: readonly SpecifiedMachine[], key: SortKey): SpecifiedMachine[] {
  const most = (machine: SpecifiedMachine) => amountOf(machine, key)
  return [...machines].sort(
    (a, b) =>
      (key === 'price' ? 0 : most(b) - most(a)) ||
      compare(BigInt(a.pricePerHourWei), BigInt(b.pricePerHourWei)) ||
      compare(BigInt(a.machineId), BigInt(b.machineId)),
  )
}

function amountOf(machine: SpecifiedMachine, key: SortKey): number {
  switch (key) {
    case 'price':
      return 0
    case 'duration':
      return machine.maxSeconds
    case 'completed':
      return machine.completed
    case 'kept':
      return machine.fulfilmentBps
    case 'heartbeat':
      return machine.lastHeartbeatAt
    case 'vram':
      return (machine.specs?.gpus ?? []).reduce((sum, gpu) => sum + gpu.memoryBytes, 0)
    case 'cores':
      return machine.specs?.cpu.cores ?? 0
    case 'memory':
      return machine.specs?.memoryBytes ?? 0
  }
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
