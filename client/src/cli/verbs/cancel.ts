import type { Command } from 'commander'
import { addChainOptions, type ChainOptions, orderNumber, yesOption } from '../options.ts'
import type { Rim } from '../rim.ts'

/** `trainyard cancel ORDER`: ends an order. */
export function addCancel(program: Command, rim: Rim): void {
  addChainOptions(program.command('cancel'))
    .description('buyer: end an order; says first what it costs')
    .argument('<order>', 'number of the order', orderNumber)
    .addOption(yesOption())
    .action(async (orderId: bigint, options: ChainOptions & { yes?: true }) => {
      const { cancelCommand } = await import('../cancelCommand.ts')
      await cancelCommand(orderId, options, rim)
    })
}
