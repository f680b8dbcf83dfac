import type { Command } from 'commander'
import { addChainOptions, type ChainOptions, orderNumber, wholeNumber, yesOption } from '../options.ts'
import type { Rim } from '../rim.ts'

/** `trainyard extend ORDER`: more paid time for an order that runs. */
export function addExtend(program: Command, rim: Rim): void {
  addChainOptions(program.command('extend'))
    .description('buyer: give a running order more time at its price')
    .argument('<order>', 'number of the order', orderNumber)
    .requiredOption('--seconds <seconds>', 'how much more', wholeNumber)
    .addOption(yesOption())
    .action(async (orderId: bigint, options: ChainOptions & { seconds: number; yes?: true }) => {
      const { extendCommand } = await import('../extendCommand.ts')
      await extendCommand(orderId, options, rim)
    })
}
