import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Owner: changes the daemon’s public URL, at most 200 bytes. */
export function setEndpoint(
  context: ChainContext,
  args: { machineId: bigint; endpoint: string },
): Promise<Sent> {
  return send(context, 'machines', 'setEndpoint', [args.machineId, args.endpoint])
}
