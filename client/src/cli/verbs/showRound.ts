import type { Command } from 'commander'
import { addChainOptions, type ChainOptions, orderNumber } from '../options.ts'
import type { Rim } from '../rim.ts'

/** `trainyard show-round ORDER`: by hand what auditors and the seller's daemon do by themselves. */
export function addShowRound(program: Command, rim: Rim): void {
  addChainOptions(program.command('show-round'))
    .description(
      'anyone: show the contracts the drand round that an order’s audit, or a dispute over it, waits for',
    )
    .argument('<order>', 'number of the order', orderNumber)
    .option(
      '--relay <url...>',
      'relays to ask for it (else the configuration’s, else those of the deployment)',
    )
    .action(async (orderId: bigint, options: ChainOptions & { relay?: string[] }) => {
      const { showRoundCommand } = await import('../showRoundCommand.ts')
      await showRoundCommand(orderId, options, rim)
    })
}
