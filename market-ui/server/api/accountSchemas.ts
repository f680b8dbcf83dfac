import { z } from 'zod'
import { address, atSeconds, count, hash, id, wei } from './fields.ts'

/** What an account was drawn for and paid as an auditor, of the last 200 panels. */
export const auditorSchema = z.object({ account: address, drawn: count, open: count, earnedWei: wei })

/** Who was drawn for the newest orders and gave verdicts, the best paid first. */
export const auditorsSchema = z.object({
  auditors: z.array(z.object({ account: address, drawn: count, gave: count, earnedWei: wei })),
  /** How many orders were looked at. */
  orders: count,
})

export const noticeKeys = [
  'buyer:order_started',
  'buyer:order_ended',
  'buyer:order_settled',
  'buyer:challenged',
  'buyer:dispute_decided',
  'seller:order_placed',
  'seller:order_settled',
  'seller:challenged',
  'seller:dispute_decided',
  'auditor:drawn',
  'auditor:juror',
] as const

/** Something that happened and concerns one account, in words; the same in the inbox and in webhooks. */
export const noticeSchema = z.object({
  /** The same however often it is told. */
  id: z.string(),
  key: z.enum(noticeKeys),
  text: z.string(),
  orderId: id,
  disputeId: id.nullable(),
  txHash: hash,
  at: atSeconds.nullable(),
  blockNumber: count,
  logIndex: count,
})
export const noticesSchema = z.object({ notices: z.array(noticeSchema) })

export const webhookSchema = z.object({
  id: z.string(),
  url: z.string(),
  createdAt: atSeconds,
  /** Attempts in a row that failed. */
  failures: count,
  lastTriedAt: atSeconds,
  lastProblem: z.string(),
})
export const webhooksSchema = z.object({ webhooks: z.array(webhookSchema) })
/** The secret is told once. */
export const addedWebhookSchema = webhookSchema.extend({ secret: z.string() })

export type Auditor = z.infer<typeof auditorSchema>
export type Auditors = z.infer<typeof auditorsSchema>
export type Notice = z.infer<typeof noticeSchema>
export type Notices = z.infer<typeof noticesSchema>
export type Webhooks = z.infer<typeof webhooksSchema>
export type AddedWebhook = z.infer<typeof addedWebhookSchema>
