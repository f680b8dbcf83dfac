import type { ChainContext } from './context.ts'
import type { InputsOf } from './pallets.ts'
import { type Sent, send } from './send.ts'

export type BenchmarkReport = InputsOf<'hashrate', 'submitBenchmark'>[1]

/** Hands in what the caller's machine computed from this round's seed, before the round closes. */
export function submitBenchmark(
  context: ChainContext,
  args: { machineId: bigint; report: BenchmarkReport },
): Promise<Sent> {
  return send(context, 'hashrate', 'submitBenchmark', [args.machineId, args.report])
}
