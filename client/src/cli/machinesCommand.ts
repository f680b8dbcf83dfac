import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { readToken } from '@trainyard/contracts/token.ts'
import { formatUnits, parseUnits, ZeroAddress } from 'ethers'
import { type Filtered, filterMachines, type MachineFilter } from '../buyer/filterMachines.ts'
import { listMachines } from '../buyer/listMachines.ts'
import { readSpecs, type SpecifiedMachine } from '../buyer/readSpecs.ts'
import { sortMachines } from '../buyer/sortMachines.ts'
import { ClientError } from '../errors.ts'
import type { Rim } from './rim.ts'
import { tellTable } from './tellTable.ts'
import type { MachinesOptions } from './verbs/machines.ts'
import { withChain } from './withChain.ts'

const MAX_MACHINES = 500
const GIB = 1024 ** 3
const NUT_PER_UT = 1e9

/** Lists offers. What a filter leaves out is counted, so that nothing is hidden in silence. */
export async function machinesCommand(options: MachinesOptions, rim: Rim): Promise<void> {
  await withChain(options, rim, async (context, { store }) => {
    const { symbol, decimals } = await readToken(context, ZeroAddress)
    const all = await readSpecs(store, await listMachines(context, MAX_MACHINES))
    const filtered = filterMachines(all, filterOf(options, decimals), Date.now())
    const sorted = sortMachines(filtered.machines, options.sort)
    const shown = sorted.slice(0, options.limit)
    const unread = all.filter(({ specs }) => specs === null).length
    const price = (wei: string) => `${formatUnits(wei, decimals)} ${symbol}`
    rim.say(options).answer(
      {
        machines: shown,
        offered: all.length,
        matching: sorted.length,
        specsUnread: unread,
        without: filtered.without,
      },
      tell(shown, { all: all.length, matching: sorted.length, unread, filtered }, price),
    )
  })
}

function filterOf(options: MachinesOptions, decimals: number): MachineFilter {
  const {
    class: name,
    maxPrice,
    seconds,
    free,
    gpu,
    gpus,
    vram,
    cores,
    memory,
    completed,
    kept,
    alive,
  } = options
  const asked = {
    hardwareClass: name === undefined ? undefined : hardwareClassOf(name),
    maxPriceWei: maxPrice === undefined ? undefined : priceOf(maxPrice, decimals),
    seconds,
    isFree: free,
    gpu,
    gpus,
    vramGib: vram,
    cores,
    memoryGib: memory,
    completed,
    keptPercent: kept,
    aliveMinutes: alive,
  }
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined))
}

function priceOf(text: string, decimals: number): bigint {
  try {
    return parseUnits(text, decimals)
  } catch {
    throw new ClientError(`"${text}" is no price.`, 'Give tokens an hour, such as --max-price 12.5.')
  }
}

type Counts = { all: number; matching: number; unread: number; filtered: Filtered }

function tell(machines: readonly SpecifiedMachine[], counts: Counts, price: (wei: string) => string): string {
  const { all, matching, unread, filtered } = counts
  if (all === 0) return 'No machine is offered.'
  const notes = []
  if (matching === 0) {
    const loosened = Object.entries(filtered.without).map(([name, count]) => `without --${name} ${count}`)
    notes.push(`None of ${all} offered machines fits: ${loosened.join(', ')}.`)
  } else if (machines.length < all) notes.push(`${machines.length} of ${all} offered machines.`)
  if (unread > 0)
    notes.push(`The store does not have the facts of ${unread}: filters on hardware leave them out.`)
  if (machines.length === 0) return notes.join('\n')
  const head = [
    'machine',
    'offer',
    'status',
    'price an hour',
    'at most',
    'done',
    'kept',
    'ut a day',
    'MFLOPS',
    'hardware',
    'endpoint',
  ]
  const rows = machines.map((machine) => [
    machine.machineId,
    machine.offerId,
    machine.status,
    price(machine.pricePerHourWei),
    `${machine.maxSeconds} s`,
    String(machine.completed),
    keptOf(machine),
    String(Number(machine.score.effectiveNutPerDay) / NUT_PER_UT),
    machine.score.fresh ? machine.score.mflops : 'not measured',
    hardwareOf(machine),
    machine.endpoint,
  ])
  return [tellTable([head, ...rows]), ...notes].join('\n')
}

function keptOf({ completed, failed, expired, fulfilmentBps }: SpecifiedMachine): string {
  return completed + failed + expired === 0 ? 'new' : `${fulfilmentBps / 100} %`
}

function hardwareOf({ specs }: SpecifiedMachine): string {
  if (!specs) return 'not known'
  const counts = new Map<string, number>()
  for (const { model, memoryBytes } of specs.gpus) {
    const name = `${model} ${Math.round(memoryBytes / GIB)} GiB`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const gpus = [...counts].map(([name, count]) => (count === 1 ? name : `${count}x ${name}`))
  const host = `${specs.cpu.cores} cores, ${Math.round(specs.memoryBytes / GIB)} GiB`
  return [...gpus, host].join(', ')
}
