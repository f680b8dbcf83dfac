import { isGenuineNote, verdictNoteSchema } from '@trainyard/verifier/verdictNote.ts'
import { ZeroHash } from 'ethers'
import type { FastifyInstance } from 'fastify'
import type { ChainRows } from '../db/ChainRows.ts'
import { HttpProblem } from '../errors.ts'
import { readDeployment } from '../follower/readDeployment.ts'
import { type Refusal, VerdictBoard } from '../verdicts/VerdictBoard.ts'
import { limitRate } from './limitRate.ts'

const NOTES_PER_MINUTE = 600
const NOTE_LIMIT_BYTES = 4 * 1024

type ById = { Params: { id: string } }

/** `POST /api/orders/:id/verdicts`: a panel member's note (verifier/src/verdictNote.ts); answers with the panel's. */
export const verdictRoutes = (rows: ChainRows, deploymentPath: string) => async (app: FastifyInstance) => {
  await limitRate(app, NOTES_PER_MINUTE, 'notes')
  const board = new VerdictBoard()
  app.post<ById>('/api/orders/:id/verdicts', { bodyLimit: NOTE_LIMIT_BYTES }, async (request, reply) => {
    const orderId = Number(request.params.id)
    const facts = Number.isSafeInteger(orderId) ? await rows.order(orderId) : undefined
    const audit = { orderId, round: facts?.round ?? 0, draw: facts?.shares.draw ?? ZeroHash }
    const panel = facts && facts.order.status === 'Auditing' ? facts.draw.panel : []
    const note = verdictNoteSchema.safeParse(request.body)
    if (!note.success) throw refused(400, 'It is no note of an auditor.', 'Send what the schema says.')
    const deployment = await readDeployment(deploymentPath)
    const isMember = panel.some((member) => member.toLowerCase() === note.data.auditor.toLowerCase())
    if (!deployment || !isMember || note.data.draw !== audit.draw) {
      throw refused(
        409,
        'This auditor is not drawn for an open audit of the order, or was drawn otherwise.',
        'Try again once the draw is known.',
      )
    }
    if (!isGenuineNote(deployment, { ...audit, orderId: BigInt(orderId) }, note.data)) {
      throw refused(
        403,
        'The signature or the opening is not what the auditor committed to.',
        'Sign it anew.',
      )
    }
    const refusal = board.put(audit, panel, note.data)
    if (refusal) throw refused(409, ...words[refusal])
    return reply.header('cache-control', 'no-store').send({ notes: board.notesOf(audit, panel) })
  })
}

const words: Readonly<Record<Refusal, [detail: string, suggestion: string]>> = {
  'two commitments': [
    'This auditor is bound to another commitment.',
    'Send the first one: two cost the seat.',
  ],
  'not all bound': ['Not every member of the panel is bound yet.', 'Keep it secret until all are.'],
}

const refused = (status: number, detail: string, suggestion: string) =>
  new HttpProblem(status, 'The note was refused', detail, suggestion)
