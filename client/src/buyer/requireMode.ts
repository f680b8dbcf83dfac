import type { ChainContext } from '@trainyard/contracts/context.ts'
import { modesIn } from '@trainyard/contracts/modesMask.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readOffer } from '@trainyard/contracts/readOffer.ts'
import type { ProofMode } from '@trainyard/contracts/words.ts'
import { ClientError } from '../errors.ts'

/** Throws ClientError where an offer's machine does not take orders in a mode: the contract would refuse it. */
export async function requireMode(context: ChainContext, offerId: bigint, mode: ProofMode): Promise<void> {
  const { machineId } = await readOffer(context, offerId)
  const takes = modesIn((await readMachine(context, machineId)).modes)
  if (machineId === 0n || takes.includes(mode)) return
  throw new ClientError(
    `Machine ${machineId} takes orders in the modes ${takes.join(', ').toLowerCase()}, not ${mode.toLowerCase()}.`,
    'Choose another machine, or another mode with --mode. No money moved.',
  )
}
