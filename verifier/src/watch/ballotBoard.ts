import type { Vote } from '@trainyard/contracts/ballotCommitment.ts'
import { type BallotNote, ballotNotesSchema, isGenuineBallot } from '../ballotNote.ts'
import { StoreUnavailable } from '../content/errors.ts'
import type { Auditor } from './auditor.ts'
import { isSame } from './isSame.ts'
import { postNote } from './postNote.ts'

/**
 * Puts the own commitment on the store's board and, once every juror's is there, the vote behind it. Returns the jury's genuine
 * notes in its order; only the own commitment where there is no board.
 */
export async function exchangeBallot(
  { context, config, log }: Auditor,
  args: { disputeId: bigint; jury: readonly string[]; own: BallotNote; vote: Vote },
): Promise<BallotNote[]> {
  const { disputeId, jury, own, vote } = args
  const { found, othersHold, work, salt } = vote
  const opened = { ...own, opening: { found, othersHold, work, salt } }
  if (jury.length === 1) return [opened as BallotNote]
  const url = `${config.store.replace(/\/$/, '')}/api/disputes/${disputeId}/ballots`
  const exchange = async (note: object) => {
    const { notes } = await postNote(url, note, ballotNotesSchema)
    return jury.flatMap((juror) => {
      const theirs = notes.find((other) => isSame(other.juror, juror) && other.round === own.round)
      return theirs && isGenuineBallot(context.deployment, disputeId, theirs) ? [theirs] : []
    })
  }
  try {
    const bound = await exchange(own)
    return bound.length < jury.length ? bound : await exchange(opened)
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    log.warn({ disputeId: String(disputeId), err: error }, 'the jury cannot be reached now')
    return [own]
  }
}
