import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Asks for benchmarks of the caller's machine, from the next round on. */
export function requestBenchmark(context: ChainContext, args: { machineId: bigint }): Promise<Sent> {
  return send(context, 'hashrate', 'requestBenchmark', [args.machineId])
}
