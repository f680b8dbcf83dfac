import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Drawn auditor: whether a benchmark's sampled products hold. */
export function judgeBenchmark(
  context: ChainContext,
  args: { machineId: bigint; valid: boolean },
): Promise<Sent> {
  return send(context, 'hashrate', 'judgeBenchmark', [args.machineId, args.valid])
}
