import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/**
 * Queues a drilling task, and burns what its credits for a full draw cost. `spec` is the SHA-256 of its canonical JSON, which
 * machines fetch by that hash; `nut` the credit of each machine that agrees, at least its operations over 432.
 */
export function submitTask(
  context: ChainContext,
  args: { spec: string; uri: string; nut: bigint },
): Promise<Sent> {
  return send(context, 'drilling', 'submitTask', [args.spec, args.uri, args.nut])
}
