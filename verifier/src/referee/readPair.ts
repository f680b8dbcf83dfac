import type { ChainContext } from '@trainyard/contracts/context.ts'
import { ChainUnreachable } from '@trainyard/contracts/errors.ts'
import { readOpened } from '@trainyard/contracts/readOpened.ts'
import { readTwin } from '@trainyard/contracts/readTwin.ts'
import { readWindow } from '@trainyard/contracts/readWindow.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import { type Comparison, comparePair } from './comparePair.ts'

/** A refereed order and its twin, as far as both are known. */
export type Pair = Comparison & {
  /** number of the other order */
  readonly twin: bigint
  /** windows that are committed and still sealed, of both together */
  readonly sealed: number
}

/** Compares an order with its twin, by what the chain has of both; undefined: it has none. Throws ChainUnreachable. */
export async function readPair(context: ChainContext, orderId: bigint): Promise<Pair | undefined> {
  const twin = await readTwin(context, orderId)
  if (twin === undefined) return undefined
  const [own, twins] = [await readOpened(context, orderId), await readOpened(context, twin)]
  const both = Math.min(own.windows, twins.windows)
  const isSame = own.trace === twins.trace && own.windows === twins.windows
  // Equal running hashes say it without looking.
  const compared = isSame
    ? { compared: both, differsFrom: null }
    : comparePair(await windowsOf(context, orderId, both), await windowsOf(context, twin, both))
  const committed = (await readWindowCount(context, orderId)) + (await readWindowCount(context, twin))
  return { twin, ...compared, sealed: committed - own.windows - twins.windows }
}

async function windowsOf(context: ChainContext, orderId: bigint, count: number) {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const found = await readWindow(context, orderId, index)
      if (found) return found
      throw new ChainUnreachable(`The node does not know window ${index} of order ${orderId} yet.`)
    }),
  )
}

/** A pair in a sentence. */
export function pairText({ twin, compared, differsFrom, sealed }: Pair): string {
  const what = `refereed with order ${twin}`
  if (differsFrom !== null) return `${what}: they differ from window ${differsFrom} on`
  const rest = sealed === 0 ? '' : `, ${sealed} more are sealed`
  if (compared === 0) return `${what}: nothing to compare yet${rest}`
  return `${what}: they agree in ${compared === 1 ? 'the window' : `all ${compared} windows`} that both have opened${rest}`
}
