import type { SpecifiedMachine } from './readSpecs.ts'

const GIB = 1024 ** 3

/** What a buyer asks of a machine; nothing is asked that is not named. */
export type MachineFilter = {
  /** keccak256 of a class's name */
  hardwareClass?: string
  maxPriceWei?: bigint
  /** the paid time that the offer has to allow */
  seconds?: number
  isFree?: true
  /** part of a GPU's model */
  gpu?: string
  gpus?: number
  vramGib?: number
  cores?: number
  memoryGib?: number
  completed?: number
  keptPercent?: number
  /** age of the last heartbeat */
  aliveMinutes?: number
}

type Test = (machine: SpecifiedMachine) => boolean

/** `without`: for each thing asked, how many machines there would be if it were not. */
export type Filtered = { machines: SpecifiedMachine[]; without: Record<string, number> }

/** The machines that fit, in the order given. One whose facts cannot be read does not fit what asks for them. */
export function filterMachines(
  machines: readonly SpecifiedMachine[],
  filter: MachineFilter,
  nowMs: number,
): Filtered {
  const tests = testsOf(filter, nowMs)
  const fitting = (left: readonly [string, Test][]) =>
    machines.filter((machine) => left.every(([, test]) => test(machine)))
  const without = tests.map(
    ([name]) => [name, fitting(tests.filter(([other]) => other !== name)).length] as const,
  )
  return { machines: fitting(tests), without: Object.fromEntries(without) }
}

function testsOf(filter: MachineFilter, nowMs: number): [string, Test][] {
  const { hardwareClass, maxPriceWei, seconds, isFree, completed, keptPercent, aliveMinutes } = filter
  const tests: [string, Test][] = []
  const add = (name: string, isAsked: boolean, test: Test) => {
    if (isAsked) tests.push([name, test])
  }
  add('class', hardwareClass !== undefined, (m) => m.hardwareClass === hardwareClass)
  add('max-price', maxPriceWei !== undefined, (m) => BigInt(m.pricePerHourWei) <= maxPriceWei!)
  add('seconds', seconds !== undefined, (m) => m.minSeconds <= seconds! && m.maxSeconds >= seconds!)
  add('free', isFree === true, (m) => m.status === 'ForRent')
  add('completed', completed !== undefined, (m) => m.completed >= completed!)
  add('kept', keptPercent !== undefined, (m) => m.fulfilmentBps >= keptPercent! * 100)
  add('alive', aliveMinutes !== undefined, (m) => nowMs / 1000 - m.lastHeartbeatAt <= aliveMinutes! * 60)
  return [...tests, ...hardwareTests(filter)]
}

function hardwareTests({ gpu, gpus, vramGib, cores, memoryGib }: MachineFilter): [string, Test][] {
  const wanted = gpu?.toLowerCase()
  const fitting = (m: SpecifiedMachine) =>
    (m.specs?.gpus ?? []).filter(
      ({ model, memoryBytes }) =>
        (wanted === undefined || model.toLowerCase().includes(wanted)) &&
        (vramGib === undefined || memoryBytes >= vramGib * GIB * ROUNDING),
    ).length
  const tests: [string, Test][] = []
  if (gpu !== undefined || gpus !== undefined || vramGib !== undefined) {
    tests.push(['gpu', (m) => fitting(m) >= (gpus ?? 1)])
  }
  if (cores !== undefined) tests.push(['cores', (m) => (m.specs?.cpu.cores ?? 0) >= cores])
  if (memoryGib !== undefined) {
    tests.push(['memory', (m) => (m.specs?.memoryBytes ?? 0) >= memoryGib * GIB * ROUNDING])
  }
  return tests
}

/** A card or a machine sold as "80 GB" tells a little less. */
const ROUNDING = 0.95
