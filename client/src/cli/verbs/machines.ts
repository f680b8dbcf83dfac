import { type Command, InvalidArgumentError, Option } from 'commander'
import { sortKeys } from '../../buyer/sortMachines.ts'
import { addChainOptions, type ChainOptions, storeOption, wholeNumber } from '../options.ts'
import type { Rim } from '../rim.ts'

export type MachinesOptions = ChainOptions & {
  store?: string
  class?: string
  maxPrice?: string
  seconds?: number
  free?: true
  gpu?: string
  gpus?: number
  vram?: number
  cores?: number
  memory?: number
  completed?: number
  kept?: number
  alive?: number
  sort: (typeof sortKeys)[number]
  limit: number
}

/** `trainyard machines`: what is offered, filtered and sorted. */
export function addMachines(program: Command, rim: Rim): void {
  addChainOptions(program.command('machines'))
    .description('buyer: machines with an open offer, cheapest first')
    .addOption(storeOption())
    .option('--class <name>', 'of this hardware class')
    .option('--max-price <tokens>', 'at most this much an hour')
    .option('--seconds <seconds>', 'offered for that long', wholeNumber)
    .option('--free', 'without an order now')
    .option('--gpu <text>', "with this in a GPU's model")
    .option('--gpus <count>', 'with that many fitting GPUs', wholeNumber)
    .option('--vram <gib>', 'with this much memory on each fitting GPU', wholeNumber)
    .option('--cores <count>', 'with that many processor cores', wholeNumber)
    .option('--memory <gib>', 'with this much memory', wholeNumber)
    .option('--completed <count>', 'with that many completed orders', wholeNumber)
    .option('--kept <percent>', 'that kept this much of their orders', percent)
    .option('--alive <minutes>', 'with a heartbeat no older than that', wholeNumber)
    .addOption(new Option('--sort <key>', 'what comes first').choices(sortKeys).default('price'))
    .option('--limit <count>', 'show at most that many', wholeNumber, 50)
    .action(async (options: MachinesOptions) => {
      const { machinesCommand } = await import('../machinesCommand.ts')
      await machinesCommand(options, rim)
    })
}

function percent(text: string): number {
  const value = wholeNumber(text)
  if (value > 100) throw new InvalidArgumentError('must be at most 100')
  return value
}
