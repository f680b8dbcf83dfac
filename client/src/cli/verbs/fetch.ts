import type { Command } from 'commander'
import { addChainOptions, type ChainOptions, orderNumber, storeOption } from '../options.ts'
import type { Rim } from '../rim.ts'

/** `trainyard fetch ORDER`: collects model and proof, and checks them. */
export function addFetch(program: Command, rim: Rim): void {
  addChainOptions(program.command('fetch'))
    .description(
      "buyer: collect an order's bundle and verify it by replaying it; goes on where it was interrupted",
    )
    .argument('<order>', 'number of the order', orderNumber)
    .addOption(storeOption())
    .requiredOption('--out <dir>', 'new directory for the bundle')
    .action(async (orderId: bigint, options: ChainOptions & { store?: string; out: string }) => {
      const { fetchCommand } = await import('../fetchCommand.ts')
      await fetchCommand(orderId, options, rim)
    })
}
