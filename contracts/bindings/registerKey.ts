import type { ChainContext } from './context.ts'
import type { InputsOf } from './pallets.ts'
import { type Sent, send } from './send.ts'

type Inputs = InputsOf<'rewards', 'registerKey'>

/** Registers the key whose signatures decide what the caller's machine wins; it counts from two epochs on. */
export function registerKey(
  context: ChainContext,
  args: { machineId: bigint; key: Inputs[1]; possession: Inputs[2] },
): Promise<Sent> {
  return send(context, 'rewards', 'registerKey', [args.machineId, args.key, args.possession])
}
