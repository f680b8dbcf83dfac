import { setTimeout as delay } from 'node:timers/promises'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { toChainError } from '@trainyard/contracts/decodeError.ts'
import type { ChainEvent } from '@trainyard/contracts/events.ts'
import { pollingIntervalMs } from '@trainyard/contracts/pollingIntervalMs.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import type { Logger } from 'pino'
import type { Journal } from '../journal/openJournal.ts'
import type { Head } from './createHead.ts'

/** How far back events are read again when the last seen block is gone. */
const REORG_BLOCKS = 64
const LONGEST_PAUSE_MS = 10_000

type Position = { blockNumber: number; blockHash: string }

export type FollowerEvents = {
  /** New events in chain order, possibly some that were told before. */
  onEvents(events: readonly ChainEvent[]): void
  /** The last seen block is gone: whatever was read before may be wrong. */
  onReorg(): void
}

/**
 * Follows the chain from the last processed block on, for ever. Events only wake things up: what is true is
 * read from the views. The position is stored after the events were handed over, so none is missed.
 */
export async function followChain(args: {
  chain: ChainContext
  journal: Pick<Journal, 'fact' | 'saveFact'>
  head: Head
  logger: Logger
  events: FollowerEvents
  /** True while something on this machine waits for the chain. */
  isBusy: () => boolean
  signal: AbortSignal
}): Promise<void> {
  const { chain, head, logger, isBusy, signal } = args
  const interval = pollingIntervalMs(chain.deployment)
  let failures = 0
  while (!signal.aborted) {
    try {
      const block = await readHead(chain)
      await catchUp(args, block)
      head.announce({ number: block.blockNumber, timestamp: block.timestamp })
      if (failures > 0) logger.info({ msg: 'the chain answers again' })
      failures = 0
    } catch (error) {
      if (failures === 0) {
        logger.warn({ msg: 'the chain does not answer; trying again', err: error })
      }
      failures++
    }
    const pause = failures > 0 ? Math.min(interval * 2 ** failures, LONGEST_PAUSE_MS) : interval
    await delay(isBusy() || failures > 0 ? pause : 2 * pause, undefined, { signal }).catch(() => undefined)
  }
}

async function catchUp(args: Parameters<typeof followChain>[0], block: Position): Promise<void> {
  const { chain, journal, events } = args
  const seen = journal.fact<Position>('position')
  if (seen?.blockHash === block.blockHash) return
  const start = chain.deployment.deployedBlock
  let from = seen ? seen.blockNumber + 1 : start
  if (seen && !(await isStillThere(chain, seen))) {
    from = Math.max(start, Math.min(seen.blockNumber, block.blockNumber) - REORG_BLOCKS)
    events.onReorg()
  }
  if (from <= block.blockNumber) events.onEvents(await readEvents(chain, from, block.blockNumber))
  journal.saveFact('position', { blockNumber: block.blockNumber, blockHash: block.blockHash })
}

async function isStillThere(chain: ChainContext, seen: Position): Promise<boolean> {
  try {
    const block = await chain.runner.provider?.getBlock(seen.blockNumber)
    return block?.hash === seen.blockHash
  } catch (error) {
    throw toChainError(error, `Reading block ${seen.blockNumber}`)
  }
}
