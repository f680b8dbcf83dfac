import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { removeMachine } from '@trainyard/contracts/removeMachine.ts'
import { ensureOffer } from './ensureOffer.ts'
import { factName, type MachineArgs } from './machineArgs.ts'

type Args = Pick<MachineArgs, 'chain' | 'journal' | 'logger'>

/**
 * Ends a registration that is no longer true. Buyers find their orders' files by the machine's endpoint, so
 * it goes at once only if this daemon keeps none; else its offer goes now and the rest with the last files.
 */
export async function retireMachine(args: Args, machineId: bigint): Promise<void> {
  await ensureOffer(args.chain, machineId, undefined)
  args.journal.saveFact(factName('retired', args), [...new Set([...retiredOf(args), String(machineId)])])
  await removeRetired(args)
}

/** Removes the retired machines from the chain once no files of their orders are kept here. */
export async function removeRetired(args: Args): Promise<void> {
  const { chain, journal, logger } = args
  const retired = retiredOf(args)
  if (retired.length === 0 || keepsFiles(args)) return
  for (const machineId of retired) {
    const { status, currentOrderId } = await readMachine(chain, BigInt(machineId))
    if (currentOrderId !== 0n) return
    if (status !== 'None') await removeMachine(chain, { machineId: BigInt(machineId) })
    logger.info({ msg: 'former registration removed', machineId })
  }
  journal.saveFact(factName('retired', args), [])
}

function retiredOf(args: Args): string[] {
  return args.journal.fact<string[]>(factName('retired', args)) ?? []
}

function keepsFiles({ journal }: Args): boolean {
  return journal.loadOrders().some(({ state }) => !journal.fact<boolean>(`pruned:${state.orderId}`))
}
