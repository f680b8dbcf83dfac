import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Owner, while no order is on it: its hardware changed. Its record stays, its offer ends. */
export function updateMachine(
  context: ChainContext,
  args: { machineId: bigint; specHash: string; specUri: string; hardwareClass: string },
): Promise<Sent> {
  const { machineId, specHash, specUri, hardwareClass } = args
  return send(context, 'machines', 'updateMachine', [machineId, specHash, specUri, hardwareClass])
}
