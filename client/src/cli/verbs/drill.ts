import { Argument, type Command } from 'commander'
import { ClientError } from '../../errors.ts'
import {
  addChainOptions,
  type ChainOptions,
  orderNumber,
  storeOption,
  wholeNumber,
  yesOption,
} from '../options.ts'
import type { Rim } from '../rim.ts'

export type DrillOptions = ChainOptions & {
  store?: string
  data: string[]
  shard?: number
  limit: number
  yes?: true
}

/** `trainyard drill submit FILE`, `drill list`, `drill show TASK`. */
export function addDrill(program: Command, rim: Rim): void {
  addChainOptions(program.command('drill'))
    .description(
      'buyer: have machines evaluate networks on public data, several each, and see what two thirds of them agree on',
    )
    .addArgument(new Argument('<what>', 'what to do').choices(['submit', 'list', 'show']))
    .argument(
      '[of]',
      'submit: file with one task or an array (JSON), - for standard input; show: number of the task',
    )
    .addOption(storeOption())
    .option('--data <file...>', 'submit: data files to put into the store', [])
    .option('--shard <samples>', 'submit: cut each task into tasks of so many samples', positive)
    .option('--limit <count>', 'list: show at most that many', wholeNumber, 20)
    .addOption(yesOption())
    .action(async (what: string, of: string | undefined, options: DrillOptions) => {
      const { listDrills, showDrill, submitDrill } = await import('../drillCommand.ts')
      if (what === 'list') await listDrills(options, rim)
      else if (of === undefined)
        throw new ClientError(`drill ${what} needs one more word.`, 'See drill --help.')
      else if (what === 'show') await showDrill(orderNumber(of), options, rim)
      else await submitDrill(of, options, rim)
    })
}

function positive(text: string): number {
  return Math.max(1, wholeNumber(text))
}
