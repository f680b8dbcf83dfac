import { ballotNoteSchema, isGenuineBallot } from '@trainyard/verifier/ballotNote.ts'
import type { FastifyInstance } from 'fastify'
import type { ChainRows } from '../db/ChainRows.ts'
import { HttpProblem } from '../errors.ts'
import { readDeployment } from '../follower/readDeployment.ts'
import { BallotBoard } from '../verdicts/BallotBoard.ts'
import type { Refusal } from '../verdicts/VerdictBoard.ts'
import { parseId } from './apiRoutes.ts'
import { limitRate } from './limitRate.ts'

const NOTES_PER_MINUTE = 600
const NOTE_LIMIT_BYTES = 4 * 1024

type ById = { Params: { id: string } }

/** `POST /api/disputes/:id/ballots`: a juror's signed commitment, then its vote (verifier/src/ballotNote.ts); answers
 * with what its jury put there. */
export const ballotRoutes = (rows: ChainRows, deploymentPath: string) => async (app: FastifyInstance) => {
  await limitRate(app, NOTES_PER_MINUTE, 'notes')
  const board = new BallotBoard()
  app.post<ById>('/api/disputes/:id/ballots', { bodyLimit: NOTE_LIMIT_BYTES }, async (request, reply) => {
    const disputeId = parseId(request.params.id)
    const note = ballotNoteSchema.safeParse(request.body)
    if (!note.success) throw refused(400, 'It is no vote of a juror.', 'Send what the schema says.')
    const deployment = await readDeployment(deploymentPath)
    const dispute = await rows.dispute(disputeId)
    const isMember = dispute?.jury.some((juror) => juror.toLowerCase() === note.data.juror.toLowerCase())
    const isVoting = dispute?.stage === 'Voting' && dispute.round === note.data.round
    if (!deployment || !dispute || !isMember || !isVoting) {
      throw refused(
        409,
        'This auditor is not drawn to judge that dispute now.',
        'Try again once the jury is drawn.',
      )
    }
    if (!isGenuineBallot(deployment, BigInt(disputeId), note.data))
      throw refused(403, 'The juror did not sign this vote, or committed to another.', 'Sign it anew.')
    const refusal = board.put(disputeId, dispute.jury, note.data)
    if (refusal) throw refused(409, ...words[refusal])
    const notes = board.notesOf(disputeId, dispute.round, dispute.jury)
    return reply.header('cache-control', 'no-store').send({ notes })
  })
}

const words: Readonly<Record<Refusal, [detail: string, suggestion: string]>> = {
  'two commitments': ['This juror is bound to another vote.', 'Send the first one: two cost the seat.'],
  'not all bound': ['Not every member of the jury is bound yet.', 'Keep it secret until all are.'],
}

const refused = (status: number, detail: string, suggestion: string) =>
  new HttpProblem(status, 'The note was refused', detail, suggestion)
