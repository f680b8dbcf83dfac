import { webUrl } from '@trainyard/verifier/urlOption.ts'
import type { Command } from 'commander'
import { addSellerOptions, machineOption, type SellerOptions } from '../options.ts'
import type { Rim } from '../rim.ts'

/** `trainyard status`: what it earns, why it is chosen or not, how others see it. */
export function addStatus(program: Command, rim: Rim): void {
  addSellerOptions(program.command('status'))
    .description(
      'seller: what the machine earns, why it is or is not chosen, its health; exit 75 if the daemon is down',
    )
    .addOption(machineOption())
    .option('--url <url>', 'ask only the daemon there, without a configuration', webUrl)
    .action(async (options: SellerOptions & { url?: string; machine?: string }) => {
      const { statusCommand } = await import('../statusCommand.ts')
      await statusCommand(options, rim)
    })
}
