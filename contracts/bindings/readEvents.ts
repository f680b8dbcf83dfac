import type { ChainContext } from './context.ts'
import { toChainError } from './decodeError.ts'
import { ChainUnreachable } from './errors.ts'
import { type ChainEvent, decodeLog } from './events.ts'
import { type Pallet, pallets } from './pallets.ts'

const BLOCKS_PER_REQUEST = 2_000

/**
 * All pallets' events from block `fromBlock` to `toBlock`, both included, in chain order; or one pallet's, by topics.
 * Throws ChainUnreachable if the node does not answer; never returns a part.
 */
export async function readEvents(
  context: ChainContext,
  fromBlock: number,
  toBlock: number,
  only?: { pallet: Pallet; topics: (string | string[] | null)[] },
): Promise<ChainEvent[]> {
  const { provider } = context.runner
  if (!provider) throw new ChainUnreachable('Reading events failed: there is no node to ask.')
  const address = (only ? [only.pallet] : pallets).map((pallet) => context.deployment[pallet])
  const events: ChainEvent[] = []
  for (let from = fromBlock; from <= toBlock; from += BLOCKS_PER_REQUEST) {
    const to = Math.min(from + BLOCKS_PER_REQUEST - 1, toBlock)
    try {
      const logs = await provider.getLogs({
        ...{ address, fromBlock: from, toBlock: to },
        ...(only ? { topics: only.topics } : {}),
      })
      logs.sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index)
      events.push(...logs.flatMap((log) => decodeLog(context.deployment, log) ?? []))
    } catch (error) {
      throw toChainError(error, `Reading events of blocks ${from} to ${to}`)
    }
  }
  return events
}
