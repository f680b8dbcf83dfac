import { readdir } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import type { Verdict } from '@trainyard/verifier/verdict.ts'
import { type Agreement, readAgreement } from '../buyer/readAgreement.ts'
import { sentenceOf } from '../sentenceOf.ts'
import { fetchNow, tellNotHad } from './agreementWords.ts'
import type { Say } from './say.ts'

const POLL_MS = 1_000
const RETRY_MS = 5_000

/** What became of the model: `none` where no pair passed by agreement, so that its auditors looked. */
export type Kept = 'none' | 'kept' | 'invalid' | 'missing'

/**
 * Fetches what a pair agreed on as soon as it has passed, since nobody looks for the buyer, and says at the first failure which
 * commands challenge the sellers and until when; tries again until the order is settled. Ends with the order.
 */
export async function keepAgreed(args: {
  context: ChainContext
  orderId: bigint
  out: string
  fetch: () => Promise<Verdict>
  places: { rpc: string; store: string }
  say: Say
  signal: AbortSignal
}): Promise<Kept> {
  const { context, orderId, out, fetch, places, say, signal } = args
  const agreement = await awaitAgreement(context, orderId, signal)
  if (!agreement) return 'none'
  if ((await readdir(out).catch((): string[] => [])).length > 0) {
    say.progress({ event: 'kept', out }, `kept      ${out} is there already`)
    return 'kept'
  }
  const { until } = agreement
  say.progress({ event: 'agreed', until, out }, `agreed    ${fetchNow(agreement)}`)
  const warn = (why: string) => tellNotHad(say, agreement, why, places)
  for (let tries = 0; ; tries++) {
    try {
      const { verdict } = await fetch()
      if (verdict === 'invalid') {
        warn(`What is in ${out} is invalid.`)
        return 'invalid'
      }
      say.progress({ event: 'fetched', out, verdict }, `fetched   ${out} is ${verdict}`)
      return 'kept'
    } catch (error) {
      if (tries === 0) warn(`The model cannot be fetched: ${sentenceOf(error)}`)
    }
    if ((await readOrder(context, orderId)).settledAt !== 0) return 'missing'
    await delay(RETRY_MS, undefined, { signal })
  }
}

async function awaitAgreement(
  context: ChainContext,
  orderId: bigint,
  signal: AbortSignal,
): Promise<Agreement | undefined> {
  for (;;) {
    signal.throwIfAborted()
    const { settledAt } = await readOrder(context, orderId)
    const agreement = await readAgreement(context, orderId)
    if (agreement || settledAt !== 0) return agreement
    await delay(POLL_MS, undefined, { signal })
  }
}
