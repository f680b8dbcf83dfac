import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { ballotSigner } from '@trainyard/contracts/signBallot.ts'
import { z } from 'zod'
import { address, bytes32 } from './fields.ts'

const MAX_JURY = 5

/** What a juror tells the rest of its jury: its signed vote, so that one transaction can hand in all of them. */
export const ballotNoteSchema = z.strictObject({
  round: z.int().min(0).max(1),
  juror: address,
  found: bytes32,
  signature: z.string().regex(/^0x[0-9a-f]{130}$/),
})
export type BallotNote = z.infer<typeof ballotNoteSchema>

export const ballotNotesSchema = z.strictObject({ notes: z.array(ballotNoteSchema).max(MAX_JURY) })

/** Whether the note's juror signed it. */
export function isGenuineBallot(deployment: Deployment, disputeId: bigint, note: BallotNote): boolean {
  const { round, found, juror, signature } = note
  const signer = ballotSigner(deployment, { disputeId, round, found }, signature)
  return signer?.toLowerCase() === juror.toLowerCase()
}
