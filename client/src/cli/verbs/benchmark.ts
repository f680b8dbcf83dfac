import type { Command } from 'commander'
import { addSellerOptions, type SellerOptions } from '../options.ts'
import type { Rim } from '../rim.ts'

/** `trainyard benchmark`: a few figures of this machine, for its owner. */
export function addBenchmark(program: Command, rim: Rim): void {
  addSellerOptions(program.command('benchmark'))
    .description(
      'seller: measure training, hashing, disk and store on this machine, about 15 s. Local and unproved: it is no score on chain',
    )
    .action(async (options: SellerOptions) => {
      const { benchmarkCommand } = await import('../benchmarkCommand.ts')
      await benchmarkCommand(options, rim)
    })
}
