import type { OrderContext } from '../engine/context.ts'
import type { Caller } from './createIdentifier.ts'

/** Throws the caller's Problem unless it may read the order: anyone if the job is public, else its parties. */
export async function requireReader(order: OrderContext, caller: Caller): Promise<void> {
  if (caller.refusal && !(await isPublic(order))) throw caller.refusal
}

/** A job that is not fetched yet counts as private. */
async function isPublic(order: OrderContext): Promise<boolean> {
  try {
    return (await order.anyJob()).access === 'public'
  } catch {
    return false
  }
}
