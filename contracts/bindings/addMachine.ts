import type { ChainContext } from './context.ts'
import { eventIn } from './eventIn.ts'
import { type Sent, send } from './send.ts'

/**
 * Registers a machine of the caller. `specHash` is the sha256 of its canonical JSON facts, `specUri` their CID,
 * `hardwareClass` the class's hash (see `hardwareClassOf`), `endpoint` the daemon's public URL.
 */
export async function addMachine(
  context: ChainContext,
  args: { specHash: string; specUri: string; hardwareClass: string; endpoint: string },
): Promise<Sent & { machineId: bigint }> {
  const { specHash, specUri, hardwareClass, endpoint } = args
  const sent = await send(context, 'machines', 'addMachine', [specHash, specUri, hardwareClass, endpoint])
  return { ...sent, machineId: eventIn(sent, 'MachineAdded').args.machineId }
}
