import type { Ballot } from '@trainyard/contracts/resolve.ts'
import { ballotNotesSchema, isGenuineBallot } from '../ballotNote.ts'
import { StoreUnavailable } from '../content/errors.ts'
import type { Auditor } from './auditor.ts'
import { isSame } from './isSame.ts'
import { postNote } from './postNote.ts'

/** Puts the own ballot on the store's board and returns the jury's genuine ones; only the own where there is no board. */
export async function exchangeBallot(
  { context, config, log }: Auditor,
  { disputeId, round, jury, own }: { disputeId: bigint; round: number; jury: readonly string[]; own: Ballot },
): Promise<Ballot[]> {
  const url = `${config.store.replace(/\/$/, '')}/api/disputes/${disputeId}/ballots`
  try {
    const { notes } = await postNote(url, { ...own, round }, ballotNotesSchema)
    return jury.flatMap((juror) => {
      const note = notes.find((other) => isSame(other.juror, juror) && other.round === round)
      if (!note || !isGenuineBallot(context.deployment, disputeId, note)) return []
      return [{ juror, found: note.found, signature: note.signature }]
    })
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    log.warn({ disputeId: String(disputeId), err: error }, 'the jury cannot be reached now')
    return [own]
  }
}
