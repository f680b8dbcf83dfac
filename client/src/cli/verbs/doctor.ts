import type { Command } from 'commander'
import { addSellerOptions, type SellerOptions } from '../options.ts'
import type { Rim } from '../rim.ts'

/** `trainyard doctor`: is everything there that the daemon needs? */
export function addDoctor(program: Command, rim: Rim): void {
  addSellerOptions(program.command('doctor'))
    .description('seller: check this machine, the chain, the money and the store; exit 1 if something fails')
    .option('--bundle <file>', 'also write a support bundle without secrets')
    .action(async (options: SellerOptions & { bundle?: string }) => {
      const { doctorCommand } = await import('../doctorCommand.ts')
      await doctorCommand(options, rim)
    })
}
