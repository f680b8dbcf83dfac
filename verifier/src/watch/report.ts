import { z } from 'zod'
import { address, bytes32, uintText, whole } from '../fields.ts'
import { parseCanonicalJson } from '../json.ts'

export const MAX_REPORT_BYTES = 1024 * 1024

/** null: not a number that can be given, because nothing changed or the claimed state was not served. */
const distance = z.number().nonnegative().nullable()

const segmentReportSchema = z.strictObject({
  segment: whole(0, 2 ** 32 - 1),
  verdict: z.enum(['pass', 'fail', 'unavailable']),
  /** state root that the replay gave; null if there was none to run */
  expected: bytes32.nullable(),
  /** state root that the seller committed; null if its leaf was not to be had */
  claimed: bytes32.nullable(),
  /** where the states differ; d = ||replayed - claimed|| / ||replayed - before|| */
  tensors: z.array(z.strictObject({ name: z.string().max(256), maxAbs: distance, d: distance })).max(64),
  /** why it is not a pass, in words */
  reason: z.string().max(500).optional(),
})

/** What an auditor found, segment by segment in drawOf's order: the block that its revealed verdicts name. */
export const reportSchema = z.strictObject({
  version: z.literal(1),
  orderId: uintText,
  auditor: address,
  segments: z.array(segmentReportSchema).max(128),
})

export type Report = z.infer<typeof reportSchema>
export type SegmentReport = z.infer<typeof segmentReportSchema>

/** Parses a stored report. Throws InputInvalid. */
export function parseReport(bytes: Uint8Array): Report {
  return parseCanonicalJson(bytes, reportSchema, 'report', MAX_REPORT_BYTES)
}
