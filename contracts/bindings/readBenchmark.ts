import { toBeHex, zeroPadValue } from 'ethers'
import type { ChainContext } from './context.ts'
import type { EventArgs } from './pallets.ts'
import { interfaces } from './pallets.ts'
import { readEvents } from './readEvents.ts'
import type { Score } from './readScore.ts'

/** Names of the precisions, by their number on chain. */
export const precisions = ['fp32', 'tf32', 'bf16', 'fp16'] as const

/**
 * The report behind a machine's device score, with clocks, driver and what else the machine said: it is in the chain's log,
 * in the block that the score names. Undefined for a machine that was never measured, or on a node that has forgotten it.
 */
export async function readBenchmark(
  context: ChainContext,
  machineId: bigint,
  { measuredBlock }: Pick<Score['device'], 'measuredBlock'>,
): Promise<EventArgs<'hashrate', 'BenchmarkSubmitted'> | undefined> {
  if (measuredBlock === 0) return undefined
  const topic = interfaces.hashrate.getEvent('BenchmarkSubmitted')!.topicHash
  const topics = [topic, zeroPadValue(toBeHex(machineId), 32)]
  const events = await readEvents(context, measuredBlock, measuredBlock, { pallet: 'hashrate', topics })
  return events.find((event) => event.name === 'BenchmarkSubmitted')?.args
}
