import type { ChainContext } from './context.ts'
import { modesMask } from './modesMask.ts'
import { type Sent, send } from './send.ts'
import type { ProofMode } from './words.ts'

/** Owner: from now on the machine takes orders in these modes, at least one; until it says so in Bitwise alone. */
export function setModes(
  context: ChainContext,
  args: { machineId: bigint; modes: readonly ProofMode[] },
): Promise<Sent> {
  return send(context, 'machines', 'setModes', [args.machineId, modesMask(args.modes)])
}
