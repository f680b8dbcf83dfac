import type { Command } from 'commander'
import { addChainOptions, type ChainOptions, orderNumber } from '../options.ts'
import type { Rim } from '../rim.ts'

/** `trainyard watch ORDER`: follows an order until it is settled. */
export function addWatch(program: Command, rim: Rim): void {
  addChainOptions(program.command('watch'))
    .description(
      'buyer: follow an order until it is settled; with --json the events go to stderr, the end to stdout',
    )
    .argument('<order>', 'number of the order', orderNumber)
    .action(async (orderId: bigint, options: ChainOptions) => {
      const { watchCommand } = await import('../watchCommand.ts')
      await watchCommand(orderId, options, rim)
    })
}
