import type { Command } from 'commander'
import { addChainOptions, orderNumber, storeOption } from '../options.ts'
import type { Rim } from '../rim.ts'
import type { WatchOptions } from '../watchCommand.ts'

/** `trainyard watch ORDER`: follows an order until it is settled. */
export function addWatch(program: Command, rim: Rim): void {
  addChainOptions(program.command('watch'))
    .description(
      'buyer: follow an order until it is settled; with --json the events go to stderr, the end to stdout',
    )
    .argument('<order>', 'number of the order', orderNumber)
    .addOption(storeOption())
    .option(
      '--out <dir>',
      'where the model of a refereed order goes once its pair agrees; else order-<order>',
    )
    .option('--no-fetch', 'do not fetch it: nobody else looks whether it can be had')
    .action(async (orderId: bigint, options: WatchOptions) => {
      const { watchCommand } = await import('../watchCommand.ts')
      await watchCommand(orderId, options, rim)
    })
}
