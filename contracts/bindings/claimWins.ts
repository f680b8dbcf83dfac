import type { ChainContext } from './context.ts'
import { eventIn } from './eventIn.ts'
import type { InputsOf } from './pallets.ts'
import { type Sent, send } from './send.ts'

/** Claims a machine's wins of the current epoch with its signature; pays its owner. */
export async function claimWins(
  context: ChainContext,
  args: { machineId: bigint; signature: InputsOf<'rewards', 'claim'>[1] },
): Promise<Sent & { wins: bigint; paidWei: bigint }> {
  const sent = await send(context, 'rewards', 'claim', [args.machineId, args.signature])
  const { wins, paidWei } = eventIn(sent, 'Claimed').args
  return { ...sent, wins, paidWei }
}
