import { setTimeout as delay } from 'node:timers/promises'
import { claimRewards } from './claimRewards.ts'
import { creditOrders } from './creditOrders.ts'
import { drill } from './drill.ts'
import { openRounds } from './openRounds.ts'
import { openSamples, type ServedEvidence } from './openSamples.ts'
import type { Scorer } from './scorer.ts'
import { type Submitted, takeBenchmark } from './takeBenchmark.ts'

const TICK_MS = 3_000
const BUSY_CHECK_MS = 250

/** What a scorer keeps between its looks. */
export type ScoreState = {
  submitted: Submitted | undefined
  evidence: ServedEvidence | undefined
  /** When it was last seen at work, or came up (performance.now). */
  workedAtMs: number
}

/**
 * One look at everything that makes a machine's score: rounds, benchmark and its samples, credits, drills, rewards. With an
 * order on the machine only what is begun goes on.
 */
export async function stepScore(scorer: Scorer, state: ScoreState): Promise<void> {
  if (scorer.isBusy()) state.workedAtMs = performance.now()
  else if (performance.now() - state.workedAtMs >= scorer.restMs) await openRounds(scorer)
  state.submitted = (await takeBenchmark(scorer)) ?? state.submitted
  if (state.submitted) {
    const evidence = await openSamples(scorer, state.submitted)
    if (evidence) state.submitted = undefined
    if (evidence && evidence !== 'gone') {
      state.evidence = evidence
      await scorer.kept.save(evidence)
    }
  }
  await creditOrders(scorer)
  await drill(scorer)
  await claimRewards(scorer)
}

/** Keeps a machine's score while the daemon runs. What fails is logged once and tried again. */
export function keepScore(scorer: Scorer): {
  stop(): Promise<void>
  evidence: (round: number) => Uint8Array | undefined
} {
  const stopping = new AbortController()
  const { signal } = stopping
  const state: ScoreState = { submitted: undefined, evidence: undefined, workedAtMs: performance.now() }
  // An order that comes ends a benchmark at once, and a drill at its next step.
  const yieldToOrders = () => {
    if (!scorer.isBusy()) return
    scorer.bench.interrupt()
    scorer.measuring
      .drop()
      .catch((err) => scorer.logger.warn({ msg: 'a benchmark could not be ended for an order', err }))
  }
  const watching = setInterval(yieldToOrders, BUSY_CHECK_MS)
  const running = (async () => {
    let failures = 0
    state.evidence = await scorer.kept.load()
    while (!signal.aborted) {
      try {
        await stepScore(scorer, state)
        failures = 0
      } catch (err) {
        if (!signal.aborted && failures++ === 0)
          scorer.logger.warn({ msg: 'keeping the score failed; trying again', err })
      }
      await delay(TICK_MS, undefined, { signal }).catch(() => undefined)
    }
  })()
  return {
    evidence: (round) => (state.evidence?.round === round ? state.evidence.bytes : undefined),
    async stop() {
      stopping.abort()
      clearInterval(watching)
      await Promise.all([scorer.bench.stop(), scorer.measuring.stop()])
      await running
    },
  }
}
