import type { Command } from 'commander'
import { addChainOptions, type ChainOptions, machineNumber } from '../options.ts'
import type { Rim } from '../rim.ts'

/** `trainyard score MACHINE`: what a machine has been seen to do. */
export function addScore(program: Command, rim: Rim): void {
  addChainOptions(program.command('score'))
    .description("buyer: a machine's score in parts, their age, and what is proved of them and what is not")
    .argument('<machine>', 'number of the machine', machineNumber)
    .action(async (machineId: bigint, options: ChainOptions) => {
      const { scoreCommand } = await import('../scoreCommand.ts')
      await scoreCommand(machineId, options, rim)
    })
}
