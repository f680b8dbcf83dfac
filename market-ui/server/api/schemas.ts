import { chainKinds } from '@trainyard/contracts/chainKinds.ts'
import { deploymentSchema } from '@trainyard/contracts/deployment.ts'
import { auditOutcomes, disputeStages, orderStatuses } from '@trainyard/contracts/words.ts'
import { jobSchema } from '@trainyard/verifier/job.ts'
import { z } from 'zod'
import { address, atSeconds, count, hash, id, wei } from './fields.ts'

export const healthSchema = z.object({
  chain: z.enum(chainKinds),
  chainId: count.nullable(),
  genesisHash: hash.nullable(),
  /** The last block followed, which is what every other answer speaks of. */
  head: count.nullable(),
  headAt: atSeconds.nullable(),
  /** Blocks of the node that are not followed yet; null while the node does not answer. */
  behind: count.nullable(),
  phase: z.enum(['starting', 'waiting', 'following', 'unreachable']),
  rpc: z.string(),
  answeredAtMs: count.nullable(),
})

/** drand's rounds that an order waits for, and that nobody has shown the contracts. */
export const awaitedRoundsSchema = z.object({
  rounds: z.array(
    z.object({
      round: count,
      draws: z.enum(['segments and panel', 'larger panel', 'jury']),
      /** When drand comes to it. */
      thereAt: atSeconds,
    }),
  ),
})

/** A drand round as the contracts take it: the network's signature, a point of G1. */
export const roundSchema = z.object({
  round: count,
  signature: z.tuple([z.string().regex(/^0x[0-9a-f]{64}$/), z.string().regex(/^0x[0-9a-f]{64}$/)]),
})

/** What a page must know of the chain to read it and to send to it. */
export const chainSchema = z.object({
  deployment: deploymentSchema,
  /** As at deployment, whole numbers as text. */
  parameters: z.record(z.string(), z.union([z.string(), z.number()])),
  /** The only trainer whose jobs sellers of this version take. */
  trainerHash: hash,
  /** Whether money here is worth nothing, so that the page may offer a key of its own. */
  isDevnet: z.boolean(),
})

export const templateSchema = z.object({ name: z.string(), about: z.string(), job: jobSchema })
export const templatesSchema = z.object({ templates: z.array(templateSchema) })

export const orderSummarySchema = z.object({
  orderId: id,
  jobName: z.string().nullable(),
  status: z.enum(orderStatuses),
  closeReason: z.string().nullable(),
  machineId: id,
  buyer: address,
  payer: address,
  seller: address,
  placedAt: atSeconds,
  startedAt: atSeconds,
  endedAt: atSeconds,
  settledAt: atSeconds,
  steps: count,
  committedSteps: count,
  /** Segments that are committed, and those of them that a panel re-ran and passed. */
  committedSegments: count,
  passedSegments: count,
  /** Segments that are drawn for audit, auditors that gave verdicts on them, and by when they must; 0: not known yet. */
  drawnSegments: count,
  verdictsGiven: count,
  auditDeadlineAt: atSeconds,
  escrowWei: wei,
  auditFeeWei: wei,
  paidWei: wei,
  refundedWei: wei,
  slashedWei: wei,
})

export const ordersSchema = z.object({ orders: z.array(orderSummarySchema), total: count })

const txSchema = z.object({ txHash: hash, blockNumber: count, at: atSeconds.nullable() })

export const windowSchema = txSchema.extend({
  index: count,
  firstSegment: count,
  segments: count,
  root: hash,
  lastStateRoot: hash,
  evidence: z.string(),
})

/** Of a refereed order: committed, and nobody but its seller knows to what. */
export const sealedWindowSchema = windowSchema.pick({
  index: true,
  firstSegment: true,
  segments: true,
  txHash: true,
  blockNumber: true,
  at: true,
})

const verdictWord = z.enum(['pass', 'fail', 'unavailable', 'none'])

export const drawnSegmentSchema = z.object({
  segment: count,
  firstStep: count,
  lastStep: count,
  window: count,
  why: z.enum(['first', 'last', 'random']),
  /** Of the panel that sits; a larger one re-runs only what the first did not pass. */
  auditors: z.array(address),
  passes: count,
  fails: count,
  unavailables: count,
  /** Verdicts only pass: `fail` and `unavailable` come from a dispute, `undecided` stays where neither did. */
  verdict: z.enum(['pass', 'fail', 'unavailable', 'pending', 'undecided']),
})

export const panelMemberSchema = z.object({
  auditor: address,
  phase: z.enum(['drawn', 'committed', 'revealed']),
  /** What it re-runs. */
  segments: z.array(count),
  /** In the order of the drawn segments, `none` for what others re-run; empty until revealed. */
  verdicts: z.array(verdictWord),
  report: z.string().nullable(),
  commitTxHash: hash.nullable(),
  revealTxHash: hash.nullable(),
})

export const auditSchema = z.object({
  outcome: z.enum(auditOutcomes),
  /** 1 once a larger panel was drawn. */
  round: count,
  /** Of the first panel, how many lost their seats because they were silent. */
  evicted: count,
  ready: z.boolean(),
  drawn: z.array(drawnSegmentSchema),
  panel: z.array(panelMemberSchema),
  committed: count,
  revealed: count,
  deadlineAt: atSeconds,
  failedSegment: count.nullable(),
  /** It passed because two sellers came to the same: nobody re-ran it. */
  byAgreement: z.boolean(),
})

export const paymentKinds = [
  'escrow held',
  'escrow added',
  'audit fee held',
  'paid to seller',
  'protocol fee burned',
  'paid to auditors',
  'refunded to payer',
  'slashed from seller',
  'paid to those who proved it',
  'of that, to payer',
  'of that, to those who proved it',
  'of that, burned',
] as const

export const paymentSchema = txSchema.extend({
  kind: z.enum(paymentKinds),
  amountWei: wei,
  account: address.nullable(),
})

export const timelineEntrySchema = txSchema.extend({ name: z.string(), detail: z.string().nullable() })

/** What a juror finds: one of the words, or a state root. */
const findingSchema = z.union([z.enum(['valid', 'outside', 'unusable', 'unavailable', 'stalled']), hash])

/** Steps are counted as the segments of a draw are: done before and after. */
export const disputeSummarySchema = z.object({
  id,
  orderId: id,
  challenger: address,
  segment: count,
  firstStep: count,
  lastStep: count,
  /** After which of the segment's steps the roots are, from one; 0: the whole segment is disputed. */
  step: count,
  /** What the seller answered: that all is served, or its own step roots; null: nothing. */
  answer: z.enum(['served', 'steps']).nullable(),
  /** The state before the disputed step, if the answer singled one out that is not the segment's first. */
  agreedRoot: findingSchema.nullable(),
  sellerRoot: findingSchema,
  challengerRoot: findingSchema.nullable(),
  bondWei: wei,
  isBondHeld: z.boolean(),
  /** Of the jury, from 0. */
  round: count,
  stage: z.enum(disputeStages),
  /** Of the stage; 0: none. */
  deadlineAt: atSeconds,
  /** Of the round; empty until it is drawn. */
  jury: z.array(
    z.object({
      juror: address,
      found: findingSchema.nullable(),
      /** Its commitment is on chain. */
      isSealed: z.boolean(),
      /** Whether it found that all further segments hold; null: no vote, or nothing depends on it. */
      othersHold: z.boolean().nullable(),
      txHash: hash.nullable(),
    }),
  ),
  /** Until when the jury seals its votes; 0: it does not vote now. */
  sealDeadline: atSeconds,
  /** Segments that were drawn with the jury, to tell a fault from fraud, and one mismatch from several. */
  further: z.array(count),
  /** What two thirds of the jury found; null: nothing, or not yet. */
  found: findingSchema.nullable(),
  sellerWins: z.boolean().nullable(),
  entries: z.array(timelineEntrySchema),
})

export const disputePaymentSchema = txSchema.extend({
  kind: z.enum([
    'bond held',
    'bond returned',
    'bond lost',
    'of that, to jurors',
    'of that, to seller',
    'audit fee, to those who proved it',
    'slashed from seller',
    'of that, to payer',
    'of that, to those who proved it',
    'of that, burned',
  ]),
  amountWei: wei,
  account: address.nullable(),
})

export const disputeSchema = disputeSummarySchema.extend({
  machineId: id,
  buyer: address,
  payer: address,
  seller: address,
  /** What the seller has at stake in this order. */
  stakeWei: wei,
  orderStatus: z.enum(orderStatuses),
  orderCloseReason: z.string().nullable(),
  payments: z.array(disputePaymentSchema),
})

export const disputesSchema = z.object({ disputes: z.array(disputeSummarySchema), total: count })

export const activitySchema = z.object({
  activity: z.array(
    timelineEntrySchema.extend({ orderId: id, account: address.nullable(), logIndex: count }),
  ),
})

export const jobSummarySchema = z.object({
  name: z.string(),
  /** Null where any program runs, without proof. */
  model: z.string().nullable(),
  batchSize: count.nullable(),
  learningRate: z.number().nullable(),
  access: z.string(),
})

export const metricsSchema = z.object({
  accuracy: z.number(),
  correct: count,
  total: count,
  loss: z.number(),
})

/** What the seller delivered; parts are null while the store does not have them. */
export const resultSchema = z.object({
  cid: z.string(),
  modelCid: z.string().nullable(),
  /** What an order without proof left. */
  files: z.array(z.object({ path: z.string(), bytes: count, cid: z.string() })).nullable(),
  metrics: metricsSchema.nullable(),
})

export const orderSchema = orderSummarySchema.extend({
  offerId: id,
  jobHash: hash,
  jobCid: z.string().nullable(),
  job: jobSummarySchema.nullable(),
  /** The proved checkpoint that it starts at: the last one of a window of another order. Null: it begins anew. */
  resumed: z.object({ orderId: id, window: count, stateRoot: hash }).nullable(),
  pricePerHourWei: wei,
  stakeWei: wei,
  maxSeconds: count,
  stepMicros: count,
  stepsPerSegment: count,
  segmentsPerWindow: count,
  draws: count,
  mode: z.string(),
  /** Whether the seller answers with its stake for the job's environment. */
  vouched: z.boolean(),
  /** When the phase the order is in may be ended by anyone; null if it has no such time. */
  phaseDeadlineAt: atSeconds.nullable(),
  totalSegments: count,
  totalWindows: count,
  windows: z.array(windowSchema),
  /** After these. */
  sealedWindows: z.array(sealedWindowSchema),
  /** Of a refereed order the other one, how many windows both have opened, and the first of them that differs; null: none. */
  twin: z
    .object({
      orderId: id,
      status: z.enum(orderStatuses),
      seller: address,
      compared: count,
      differsFrom: count.nullable(),
    })
    .nullable(),
  audit: auditSchema,
  /** Oldest first, the last hundred. */
  disputes: z.array(disputeSummarySchema),
  payments: z.array(paymentSchema),
  timeline: z.array(timelineEntrySchema),
  result: resultSchema.nullable(),
})

export type Health = z.infer<typeof healthSchema>
export type Chain = z.infer<typeof chainSchema>
export type Template = z.infer<typeof templateSchema>
export type Templates = z.infer<typeof templatesSchema>
export type Activity = z.infer<typeof activitySchema>
export type AwaitedRounds = z.infer<typeof awaitedRoundsSchema>
export type Round = z.infer<typeof roundSchema>
export type OrderSummary = z.infer<typeof orderSummarySchema>
export type Orders = z.infer<typeof ordersSchema>
export type Order = z.infer<typeof orderSchema>
export type WindowRow = z.infer<typeof windowSchema>
export type SealedWindow = z.infer<typeof sealedWindowSchema>
export type Audit = z.infer<typeof auditSchema>
export type DrawnSegment = z.infer<typeof drawnSegmentSchema>
export type PanelMember = z.infer<typeof panelMemberSchema>
export type Finding = z.infer<typeof findingSchema>
export type DisputeSummary = z.infer<typeof disputeSummarySchema>
export type Dispute = z.infer<typeof disputeSchema>
export type Disputes = z.infer<typeof disputesSchema>
export type DisputePayment = z.infer<typeof disputePaymentSchema>
export type Payment = z.infer<typeof paymentSchema>
export type TimelineEntry = z.infer<typeof timelineEntrySchema>
export type Result = z.infer<typeof resultSchema>
export type JobSummary = z.infer<typeof jobSummarySchema>
