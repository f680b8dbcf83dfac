import { type Command, InvalidArgumentError } from 'commander'
import { addSellerOptions, orderNumber, type SellerOptions, wholeNumber } from '../options.ts'
import type { Rim } from '../rim.ts'

/** `trainyard logs ORDER`: what its job printed and what happened to it, also long after it failed. */
export function addLogs(program: Command, rim: Rim): void {
  addSellerOptions(program.command('logs'))
    .description("seller: an order's log and events; those of ended and failed orders are kept")
    .argument('<order>', 'number of the order', orderNumber)
    .option('--follow', 'go on until it is settled (with --json: one object a line)')
    .option('--tail <lines>', 'only the last lines', positive)
    .option('--only <kind>', 'log, state or progress', kind)
    .action(async (orderId: bigint, options: LogsOptions) => {
      const { logsCommand } = await import('../logsCommand.ts')
      await logsCommand(orderId, options, rim)
    })
}

export type LogsOptions = SellerOptions & { follow?: true; tail?: number; only?: string }

function positive(text: string): number {
  const value = wholeNumber(text)
  if (value === 0) throw new InvalidArgumentError('must be more than 0')
  return value
}

function kind(text: string): string {
  if (['log', 'state', 'progress'].includes(text)) return text
  throw new InvalidArgumentError('must be log, state or progress')
}
