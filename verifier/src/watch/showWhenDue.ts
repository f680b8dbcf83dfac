import { ChainUnreachable } from '@trainyard/contracts/errors.ts'
import { showRound } from '@trainyard/contracts/showRound.ts'
import type { Auditor } from './auditor.ts'
import type { OrderWatch } from './orderWatch.ts'

const TURNS = 4
const TURN_MS = 2_000

/**
 * Shows the contracts the drand round that an order's draw waits for, once it is there: anybody can, and whoever comes second pays
 * little. Auditors take turns.
 */
export async function showWhenDue(auditor: Auditor, watch: OrderWatch, round: number): Promise<void> {
  if (watch.awaited?.round !== round) watch.awaited = { round, ms: Date.now() }
  const turn = Number(BigInt(auditor.account) % BigInt(TURNS))
  if (Date.now() >= watch.awaited.ms + turn * TURN_MS) await showIfThere(auditor, round)
}

/** Shows a round, if drand has it. While drand is away, what draws by it waits. */
export async function showIfThere({ context, log }: Auditor, round: number): Promise<void> {
  try {
    const sent = await showRound(context, round)
    if (sent) log.info({ round, txHash: sent.hash }, 'showed a round that draws')
  } catch (error) {
    if (!(error instanceof ChainUnreachable)) throw error
    log.warn({ round, err: error }, 'a round that draws cannot be had yet')
  }
}
