import { ZeroHash } from 'ethers'
import type { ChainContext } from './context.ts'
import { toChainError } from './decodeError.ts'
import { drawDigest } from './drawDigest.ts'
import type { ChainEvent } from './events.ts'
import { interfaces } from './pallets.ts'
import { readEvents } from './readEvents.ts'
import { readHead } from './readHead.ts'
import { readOrder } from './readOrder.ts'
import { readShares } from './readShares.ts'

/** An auditor's opened verdicts, and what they are about; signature `0x`: it committed to them itself. */
export type OpenedVerdicts = {
  auditor: string
  draw: string
  verdicts: bigint
  salt: string
  report: string
  signature: string
}

type Revealed = Extract<ChainEvent, { name: 'VerdictsRevealed' }>

/**
 * What auditors of the panel that sits opened of an order: salts are in the transactions alone. Those that came by way of another contract are left
 * out. Throws ChainUnreachable.
 */
export async function readOpenings(context: ChainContext, orderId: bigint): Promise<OpenedVerdicts[]> {
  const [{ startedBlock }, { blockNumber }] = await Promise.all([
    readOrder(context, orderId),
    readHead(context),
  ])
  const eventsFrom = (block: number, name: 'DrawSeeded' | 'PanelRedrawn' | 'VerdictsRevealed') => {
    const topics = interfaces.proofs.encodeFilterTopics(name, [orderId]) as string[]
    return readEvents(context, block, blockNumber, { pallet: 'proofs', topics })
  }
  const redrawn = (await eventsFrom(startedBlock, 'PanelRedrawn')).at(-1)
  const events = await eventsFrom(redrawn?.blockNumber ?? startedBlock, 'VerdictsRevealed')
  const byTransaction = new Map<string, Revealed[]>()
  for (const event of events) {
    if (event.name !== 'VerdictsRevealed') continue
    byTransaction.set(event.txHash, [...(byTransaction.get(event.txHash) ?? []), event])
  }
  if (byTransaction.size === 0) return []
  const [seeded] = await eventsFrom(startedBlock, 'DrawSeeded')
  const { draw } = await readShares(context, orderId) // of the panel that is stored where members revealed themselves
  const drawBy = (panel: readonly string[]) =>
    drawDigest(seeded?.name === 'DrawSeeded' ? seeded.args.seed : ZeroHash, panel)
  const found = await Promise.all([...byTransaction].map((entry) => openedIn(context, entry, draw, drawBy)))
  return found.flat()
}

/** A panel's verdicts are announced in the order in which they were handed in. */
async function openedIn(
  context: ChainContext,
  [txHash, events]: [string, Revealed[]],
  draw: string,
  drawBy: (panel: readonly string[]) => string,
): Promise<OpenedVerdicts[]> {
  const data = await dataOf(context, txHash)
  const call = data ? interfaces.proofs.parseTransaction({ data }) : null
  const named = events.map(({ args: { auditor, verdicts, report } }) => ({ auditor, verdicts, report }))
  if (call?.name === 'revealVerdicts') {
    const salt = String(call.args.getValue('salt'))
    return named.map((said) => ({ ...said, draw, salt, signature: '0x' }))
  }
  if (call?.name !== 'submitVerdicts') return []
  const openings = [...(call.args.getValue('openings') as Iterable<{ salt: string; signature: string }>)]
  if (openings.length !== named.length) return []
  const together = drawBy(named.map(({ auditor }) => auditor))
  return named.map((said, i) => {
    const { salt, signature } = openings[i]!
    return { ...said, draw: together, salt, signature }
  })
}

async function dataOf(context: ChainContext, txHash: string): Promise<string | undefined> {
  try {
    return (await context.runner.provider?.getTransaction(txHash))?.data
  } catch (error) {
    throw toChainError(error, `Reading transaction ${txHash}`)
  }
}
