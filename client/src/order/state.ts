import type { RentalWork } from '../rental/state.ts'
import type { FailReason } from './failReason.ts'
import type { Plan } from './plan.ts'

/**
 * How far the work of an order is. Every field is a count of things done in order, so that "what comes
 * next" follows from the state alone; the things themselves (seeds, leaves, evidence) are in the journal.
 */
export type Work = {
  seeds: number // windows whose seed is known
  seedsWritten: number // windows whose seed the job can read
  hashed: number // segments whose leaf is in the journal
  signed: number // windows whose evidence is signed
  published: number // windows whose evidence is in the store
  committed: number // windows on chain, of a refereed order sealed
  opened?: number // of a refereed order, and of no other: windows whose contents the chain has, and others may have
  delivered?: boolean // its result is in the store, where that waited for the last window to be opened
  amending?: number // the newest of these, found wrong: it is trained, and committed, again
  attempt: number // runs of the trainer so far, this one included
  fromStep: number // where this run began
  crashes: number // runs in a row that ended early without one new checkpoint
  runDone: boolean // the trainer reached the last step
}

/**
 * Life of an order in the daemon.
 *
 *   seen ──> fetching ──> selfTest ──> starting ──> training ──> finishing ──> ended ──> settled
 *               │            │            │            │  │          │          ^  ^
 *               └────────────┴────────────┴──> failing <──┘──────────┘          │  │
 *                                                 └─────────────────────────────┘  │
 *                                     training ──(buyer cancels)──> closing ───────┘
 *
 * seen       the order is on this machine; what the chain says about it is not read yet
 * fetching   job and data are being fetched and checked
 * selfTest   the first segment runs twice with the real seed; different bits are the job's fault
 * starting   startOrder is on its way
 * training   the trainer runs; segments are hashed and windows committed meanwhile
 * finishing  every window is committed; the result goes to the store, then orderCompleted
 * failing    orderFailed is on its way
 * closing    the buyer cancelled: one short last window may still be committed
 * ended      the chain has closed the order; windows that are still sealed are opened, and checkpoints are served until it is settled
 * renting    instead of all from selfTest to finishing, of an order without proof: nothing is committed, and whatever ends
 *            it settles it
 * settled    the money has moved; nothing is left to do but serve
 *
 * From every state a ChainRead may jump forward: the chain's views are the truth.
 */
export type OrderState =
  | { phase: 'seen'; orderId: string }
  | { phase: 'fetching'; orderId: string; resume: boolean }
  | { phase: 'selfTest'; orderId: string; plan: Plan; work: Work }
  | { phase: 'renting'; orderId: string; rental: RentalWork; message?: string }
  | { phase: 'starting'; orderId: string; plan: Plan; work: Work }
  | { phase: 'training'; orderId: string; plan: Plan; work: Work; message?: string }
  | { phase: 'finishing'; orderId: string; plan: Plan; work: Work; resultCid?: string }
  | {
      phase: 'failing'
      orderId: string
      plan?: Plan
      work?: Work
      rental?: RentalWork
      reason: FailReason
      message: string
    }
  | { phase: 'closing'; orderId: string; plan: Plan; work: Work; endSegment: number; message: string }
  | { phase: 'ended'; orderId: string; plan?: Plan; work?: Work; closeReason: number; message: string }
  | {
      phase: 'settled'
      orderId: string
      plan?: Plan
      work?: Work
      rental?: RentalWork
      closeReason: number
      status: string
      message: string
      cleaned: boolean
    }

/** The state in which an order enters the journal. */
export function seenOrder(orderId: string): OrderState {
  return { phase: 'seen', orderId }
}

/**
 * Work at the very beginning: committed, and of a refereed order opened, is what the chain already has (more than 0 if the
 * journal was lost). What is sealed and not opened is signed again, to be opened.
 */
export function newWork(committed: number, opened?: number): Work {
  const signed = opened ?? committed
  return {
    seeds: 0,
    seedsWritten: 0,
    hashed: 0,
    signed,
    published: signed,
    committed,
    ...(opened === undefined ? {} : { opened }),
    attempt: 1,
    fromStep: 0,
    crashes: 0,
    runDone: false,
  }
}
