import type { ChainContext } from './context.ts'
import type { InputsOf } from './pallets.ts'
import { type Sent, send } from './send.ts'

/** What a seller said of a window; an empty signature (`0x`) stands for what it committed. */
export type SignedWindow = InputsOf<'disputes', 'proveEquivocation'>[3]

/** Anyone: two signed statements of one window under one beacon. Convicts the seller; nobody is paid for it. */
export function proveEquivocation(
  context: ChainContext,
  args: { orderId: bigint; window: number; beacon: string; a: SignedWindow; b: SignedWindow },
): Promise<Sent> {
  const { orderId, window, beacon, a, b } = args
  return send(context, 'disputes', 'proveEquivocation', [orderId, window, beacon, a, b])
}
