import type { Command } from 'commander'
import { addSellerOptions, type SellerOptions, yesOption } from '../options.ts'
import type { Rim } from '../rim.ts'

export type WithdrawOptions = SellerOptions & { amount: string; unbond?: string; to?: string; yes?: true }

/** `trainyard withdraw`: gets money out of the market. */
export function addWithdraw(program: Command, rim: Rim): void {
  addSellerOptions(program.command('withdraw'))
    .description('seller: pay free money out to the wallet; with --unbond, start to free the bond')
    .option('--amount <tokens>', 'how much of it, such as 12.5', 'all')
    .option('--to <address>', 'send it on to another account; takes tokens that are in the wallet too')
    .option(
      '--unbond <tokens>',
      'instead: start the delay after which this much of the bond, or all, is free',
    )
    .addOption(yesOption())
    .action(async (options: WithdrawOptions) => {
      const { withdrawCommand } = await import('../withdrawCommand.ts')
      await withdrawCommand(options, rim)
    })
}
