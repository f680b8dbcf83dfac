import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Enrols the caller's machine for drilling; reserves the stake of its tickets. */
export function enrol(context: ChainContext, args: { machineId: bigint }): Promise<Sent> {
  return send(context, 'drilling', 'enrol', [args.machineId])
}
