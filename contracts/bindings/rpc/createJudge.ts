import type { JsonRpcPayload } from 'ethers'
import type { Endpoint, RpcAnswer } from './createEndpoint.ts'
import { headIn, receiptBlockIn } from './headIn.ts'

const DEVNET_CHAIN_ID = 31_337
/** A node's head is looked up again if nobody has asked for it for so long. */
const HEAD_TTL_MS = 10_000
/** Blocks that a node may be behind another one before that is preferred. */
const MAX_LAG_BLOCKS = 3
/** Older than this and the node is not in sync, or the chain stands still: either way its state is not to be acted on. */
const MAX_HEAD_AGE_MS = 600_000
/** A chain that is shorter than it was for so long, by all that answer, is believed (a reorg, a reset devnet). */
const BACK_MS = 60_000
const DEVNET_BACK_MS = 2_000

/** Decides which nodes are in sync. */
export type Judge = {
  /** Takes note of how far the chain is according to an answer. */
  saw(endpoint: Endpoint, payload: JsonRpcPayload, answer: RpcAnswer): void
  /** Whether a node's head need not be looked up again. */
  hasFreshHead(endpoint: Endpoint): boolean
  /** Throws if what this node tells now is not to be acted on. */
  requireSync(endpoint: Endpoint): void
  /** Whom to ask first: those in sync as far as is known, in the order in which they were configured. */
  ranked(endpoints: readonly Endpoint[]): Endpoint[]
}

/** @param clockMs Unix time that does not jump when the machine's clock is set */
export function createJudge(chainId: number, clockMs: () => number = createSteadyClock()): Judge {
  const isDevnet = chainId === DEVNET_CHAIN_ID
  let known = 0
  let backSinceMs: number | undefined
  return {
    saw(endpoint, payload, answer) {
      const head = headIn(payload, answer)
      if (head) endpoint.head = { ...head, atMs: performance.now() }
      const included = receiptBlockIn(payload, answer) ?? 0
      known = Math.max(known, included)
      // Whoever has the receipt is that far, whatever it said a moment ago.
      const { head: last } = endpoint
      if (last && included > last.number) endpoint.head = { ...last, number: included }
    },
    hasFreshHead({ head }) {
      return head !== undefined && head.number >= known && performance.now() - head.atMs < HEAD_TTL_MS
    },
    requireSync({ head, name }) {
      if (!head) return
      const ageMs = clockMs() - head.timestamp * 1000
      // A devnet mines no blocks while nothing happens.
      if (!isDevnet && ageMs > MAX_HEAD_AGE_MS) {
        throw new Error(
          `${name} is not in sync: its newest block is ${Math.round(ageMs / 60_000)} minutes old`,
        )
      }
      if (head.number >= known) {
        backSinceMs = undefined
        known = head.number
        return
      }
      backSinceMs ??= performance.now()
      if (performance.now() - backSinceMs < (isDevnet ? DEVNET_BACK_MS : BACK_MS)) {
        throw new Error(
          `${name} is not in sync: it is at block ${head.number}, block ${known} was seen before`,
        )
      }
      backSinceMs = undefined
      known = head.number
    },
    ranked(endpoints) {
      const now = performance.now()
      const best = Math.max(...endpoints.map(({ head }) => head?.number ?? 0))
      const rank = ({ head, avoidUntilMs }: Endpoint) => {
        if (now < avoidUntilMs) return 2
        return head && (head.number < known || head.number < best - MAX_LAG_BLOCKS) ? 1 : 0
      }
      return [...endpoints].sort((a, b) => rank(a) - rank(b))
    },
  }
}

function createSteadyClock(): () => number {
  const startMs = Date.now() - performance.now()
  return () => startMs + performance.now()
}
