import type { ChainContext } from '@trainyard/contracts/context.ts'
import type { TypedDataSigner } from '@trainyard/contracts/signer.ts'
import type { Logger } from 'pino'
import type { WatchConfig } from './config.ts'
import type { ContentCache } from './contentCache.ts'
import type { Journal } from './journal.ts'

/** One line for whoever started the auditor with --json. */
export type AuditorEvent =
  // Its share of so many drawn segments.
  | { event: 'drawn'; orderId: string; segments: readonly number[]; drawn: number }
  | {
      event: 'audit'
      orderId: string
      segment: number
      verdict: 'pass' | 'fail' | 'unavailable'
      d: number | null
    }
  | { event: 'challenged'; orderId: string; disputeId: string; segment: number; txHash: string }
  | { event: 'voted' | 'resolved'; disputeId: string; found: string | null; txHash: string }
  | { event: 'committed' | 'revealed' | 'redrawn' | 'settled'; orderId: string; txHash: string }
  | { event: 'convicted'; orderId: string; window: number; txHash: string }
  | { event: 'twoVotes'; disputeId: string; juror: string; txHash: string }
  | { event: 'twoCommitments'; orderId: string; auditor: string; txHash: string }
  | { event: 'lazy'; orderId: string; auditor: string; txHash: string }
  | { event: 'published'; orderId: string; report: string }

/** What the auditor's parts share. */
export type Auditor = {
  readonly config: WatchConfig
  readonly context: ChainContext
  readonly signer: TypedDataSigner
  readonly account: string
  readonly journal: Journal
  readonly content: ContentCache
  readonly log: Logger
  readonly emit: (event: AuditorEvent) => void
}
