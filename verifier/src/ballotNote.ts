import { ballotCommitment } from '@trainyard/contracts/ballotCommitment.ts'
import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { ballotSigner } from '@trainyard/contracts/signBallot.ts'
import { z } from 'zod'
import { address, bytes32 } from './fields.ts'

const MAX_JURY = 5

/**
 * What a juror tells the rest of its jury before anything goes on chain: first its signed commitment alone, then, once every
 * member's commitment is there, the vote that it committed to.
 */
export const ballotNoteSchema = z.strictObject({
  round: z.int().min(0).max(1),
  juror: address,
  commitment: bytes32,
  signature: z.string().regex(/^0x[0-9a-f]{130}$/),
  opening: z
    .strictObject({ found: bytes32, othersHold: z.boolean(), work: bytes32, salt: bytes32 })
    .optional(),
})
export type BallotNote = z.infer<typeof ballotNoteSchema>

export const ballotNotesSchema = z.strictObject({ notes: z.array(ballotNoteSchema).max(MAX_JURY) })

/** Whether the note's juror signed it and, if it is opened, committed to exactly that. */
export function isGenuineBallot(deployment: Deployment, disputeId: bigint, note: BallotNote): boolean {
  const { round, commitment, juror, opening, signature } = note
  const signer = ballotSigner(deployment, { disputeId, round, commitment }, signature)
  if (signer?.toLowerCase() !== juror.toLowerCase()) return false
  return !opening || ballotCommitment({ disputeId, round, juror, ...opening }) === commitment
}
