import type { ChainContext } from './context.ts'
import { toChainError } from './decodeError.ts'
import type { ChainEvent } from './events.ts'
import { interfaces } from './pallets.ts'
import { readEvents } from './readEvents.ts'
import { readHead } from './readHead.ts'
import { readOrder } from './readOrder.ts'

/** An auditor's opened verdicts; signature `0x`: it committed to them itself. */
export type OpenedVerdicts = {
  auditor: string
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
  const eventsFrom = (block: number, name: 'PanelRedrawn' | 'VerdictsRevealed') => {
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
  const found = await Promise.all([...byTransaction].map((entry) => openedIn(context, entry)))
  return found.flat()
}

/** A panel's verdicts are announced in the order in which they were handed in. */
async function openedIn(
  context: ChainContext,
  [txHash, events]: [string, Revealed[]],
): Promise<OpenedVerdicts[]> {
  const data = await dataOf(context, txHash)
  const call = data ? interfaces.proofs.parseTransaction({ data }) : null
  const named = events.map(({ args: { auditor, verdicts, report } }) => ({ auditor, verdicts, report }))
  if (call?.name === 'revealVerdicts') {
    return named.map((said) => ({ ...said, salt: String(call.args.getValue('salt')), signature: '0x' }))
  }
  if (call?.name !== 'submitVerdicts') return []
  const openings = [...(call.args.getValue('openings') as Iterable<{ salt: string; signature: string }>)]
  if (openings.length !== named.length) return []
  return named.map((said, i) => ({ ...said, salt: openings[i]!.salt, signature: openings[i]!.signature }))
}

async function dataOf(context: ChainContext, txHash: string): Promise<string | undefined> {
  try {
    return (await context.runner.provider?.getTransaction(txHash))?.data
  } catch (error) {
    throw toChainError(error, `Reading transaction ${txHash}`)
  }
}
