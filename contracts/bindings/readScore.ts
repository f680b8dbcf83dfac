import type { ChainContext } from './context.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'

/** What a machine has been seen to do: its credits, in nano-ut, and its device score, in MFLOPS. */
export type Score = OutputOf<'hashrate', 'creditsOf'> & { device: OutputOf<'hashrate', 'deviceOf'> }

/** A machine's score, at the newest block or at `blockTag`. */
export async function readScore(
  context: ChainContext,
  machineId: bigint,
  blockTag: number | 'latest' = 'latest',
): Promise<Score> {
  const [credits, device] = await Promise.all([
    read(context, 'hashrate', 'creditsOf', [machineId], blockTag),
    read(context, 'hashrate', 'deviceOf', [machineId], blockTag),
  ])
  return { ...credits, device }
}
