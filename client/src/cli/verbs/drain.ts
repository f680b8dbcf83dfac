import type { Command } from 'commander'
import type { SellerOptions } from '../options.ts'
import { addSellerOptions, machineOption } from '../options.ts'
import type { Rim } from '../rim.ts'

/** `trainyard drain`: finish what is open, take no more. */
export function addDrain(program: Command, rim: Rim): void {
  addSellerOptions(program.command('drain'))
    .description('seller: finish open orders and take no more, also after a restart')
    .addOption(machineOption())
    .option('--undo', 'take orders again')
    .option('--wait', 'return only once no order is open')
    .action(async (options: SellerOptions & { undo?: true; wait?: true; machine?: string }) => {
      const { drainCommand } = await import('../drainCommand.ts')
      await drainCommand(options, rim)
    })
}
