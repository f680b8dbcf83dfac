import type { ChainContext } from './context.ts'
import type { InputsOf } from './pallets.ts'
import { type Sent, send } from './send.ts'

/** What a seller said of a window; an empty signature (`0x`) stands for what it committed. */
export type SignedWindow = InputsOf<'disputes', 'proveEquivocation'>[2]
/** Which window, amendment, beacon and state before it a statement is about. */
export type WindowSubject = InputsOf<'disputes', 'proveEquivocation'>[1]

/**
 * Anyone: two signed statements about one subject. Convicts the seller; nobody is paid for it. `previous` is the window
 * before it as it is committed, where `b` is not signed.
 */
export function proveEquivocation(
  context: ChainContext,
  args: {
    orderId: bigint
    subject: WindowSubject
    a: SignedWindow
    b: SignedWindow
    previous: SignedWindow
  },
): Promise<Sent> {
  const { orderId, subject, a, b, previous } = args
  return send(context, 'disputes', 'proveEquivocation', [orderId, subject, a, b, previous])
}
