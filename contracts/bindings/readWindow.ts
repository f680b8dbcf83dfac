import { AbiCoder, dataSlice, keccak256 } from 'ethers'
import type { ChainContext } from './context.ts'
import { ChainUnreachable } from './errors.ts'
import type { ChainEvent } from './events.ts'
import { interfaces } from './pallets.ts'
import { read } from './read.ts'
import { readEvents } from './readEvents.ts'
import { readHead } from './readHead.ts'

export type WindowFacts = {
  readonly root: string
  readonly segments: number
  readonly lastStateRoot: string
  /** CID of the window's leaves; named by the event only, nothing binds it */
  readonly evidence: string
  /** block in which it was committed or sealed, or last amended */
  readonly blockNumber: number
  /** when that was, Unix seconds */
  readonly committedAt: number
  /** number of its last amendment; 0: as it was first committed */
  readonly amendment: number
  /** late or amended: one segment of it more is drawn */
  readonly extraDraw: boolean
}

const DIGEST_BYTES = 24
const BLOCKS_AT_ONCE = 2_000

/**
 * A committed window; undefined if there is none, or it is sealed and not opened. What was committed is in its event, and checked against the digest
 * that the chain keeps, so a node cannot make it up.
 * Throws ChainUnreachable, also where the node's answers do not fit together
 */
export async function readWindow(
  context: ChainContext,
  orderId: bigint,
  index: number,
): Promise<WindowFacts | undefined> {
  const { digest, blockNumber, committedAt, amendment, extraDraw, opened } = await read(
    context,
    'windows',
    'windowOf',
    [orderId, index],
  )
  if (!opened) return undefined
  const wanted = { orderId, index, digest }
  const found =
    findWindow(await readEvents(context, blockNumber, blockNumber), wanted) ??
    (await searchFrom(context, blockNumber + 1, wanted)) ??
    (await searchFrom(context, context.deployment.deployedBlock, wanted))
  if (found) return { ...found, blockNumber, committedAt, amendment, extraDraw }
  throw new ChainUnreachable(
    `The node does not show what window ${index} of order ${orderId} committed in block ${blockNumber}.`,
  )
}

type Wanted = { readonly orderId: bigint; readonly index: number; readonly digest: string }
type Said = Pick<WindowFacts, 'root' | 'segments' | 'lastStateRoot' | 'evidence'>

function findWindow(events: readonly ChainEvent[], wanted: Wanted): Said | undefined {
  for (const event of events) {
    if (event.name !== 'WindowCommitted') continue
    const { orderId, index, root, segments, lastStateRoot, evidence } = event.args
    const isIt = orderId === wanted.orderId && index === wanted.index
    if (isIt && windowDigest({ root, segments, lastStateRoot }) === wanted.digest) {
      return { root, segments, lastStateRoot, evidence }
    }
  }
  return undefined
}

/**
 * A window of a refereed order is opened some time after it was sealed; and a chain may count its blocks otherwise in contracts
 * than for readers (rollups do, and anvil after a reorg). Stops at the block that has it.
 */
async function searchFrom(
  context: ChainContext,
  fromBlock: number,
  wanted: Wanted,
): Promise<Said | undefined> {
  const { blockNumber: head } = await readHead(context)
  const topics = interfaces.windows.encodeFilterTopics('WindowCommitted', [wanted.orderId, wanted.index])
  for (let from = fromBlock; from <= head; from += BLOCKS_AT_ONCE) {
    const to = Math.min(from + BLOCKS_AT_ONCE - 1, head)
    const found = findWindow(await readEvents(context, from, to, { pallet: 'windows', topics }), wanted)
    if (found) return found
  }
  return undefined
}

/** What the chain keeps of a window (IWindows.windowOf). */
function windowDigest(window: { root: string; segments: number; lastStateRoot: string }): string {
  const types = ['bytes32', 'uint32', 'bytes32']
  const values = [window.root, window.segments, window.lastStateRoot]
  return dataSlice(keccak256(AbiCoder.defaultAbiCoder().encode(types, values)), 0, DIGEST_BYTES)
}
