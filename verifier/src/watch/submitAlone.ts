import { ChainError, ChainUnreachable } from '@trainyard/contracts/errors.ts'
import { signVerdicts } from '@trainyard/contracts/signVerdicts.ts'
import { submitVerdicts } from '@trainyard/contracts/submitVerdicts.ts'
import type { Auditor } from './auditor.ts'
import type { VerdictRecord } from './journal.ts'
import { commitmentOf } from './onChain.ts'
import type { OrderWatch } from './orderWatch.ts'

const RETRY_MS = 2_000

/** The only member of a panel has nobody to hide its verdicts from: one transaction gives them and settles. */
export async function submitAlone(auditor: Auditor, watch: OrderWatch, record: VerdictRecord): Promise<void> {
  const { context, signer, journal, emit, log } = auditor
  const { orderId } = watch
  const { verdicts, salt, reportCid: report } = record
  const commitment = commitmentOf(auditor, record)
  const signature = await signVerdicts(context, signer, { orderId, commitment })
  try {
    const openings = [{ verdicts, salt, report, signature }]
    const { hash: txHash } = await submitVerdicts(context, { orderId, openings })
    journal.markCommitted(orderId)
    journal.markRevealed(orderId)
    emit({ event: 'revealed', orderId: String(orderId), txHash })
    emit({ event: 'settled', orderId: String(orderId), txHash })
  } catch (error) {
    // It may have arrived, or the panel has grown since: the next look tells.
    watch.unsure = true
    watch.retryAtMs = Date.now() + RETRY_MS
    if (!(error instanceof ChainError)) {
      if (error instanceof ChainUnreachable) return
      throw error
    }
    log.warn({ orderId: String(orderId), err: error }, 'the verdicts were refused: looking at the draw again')
  }
}
