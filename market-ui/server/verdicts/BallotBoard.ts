import type { BallotNote } from '@trainyard/verifier/ballotNote.ts'
import type { Refusal } from './VerdictBoard.ts'

/** Juries whose notes are kept; the oldest go first. A jury that lost them votes on chain. */
const MAX_JURIES = 1_000

/**
 * Where the members of a jury bind themselves to their votes and then open them to each other. It takes an opening only once
 * every member is bound.
 */
export class BallotBoard {
  readonly #juries = new Map<string, Map<string, BallotNote>>()

  /** Notes of a dispute's round, in the order of its jury. */
  notesOf(disputeId: number, round: number, jury: readonly string[]): BallotNote[] {
    const notes = this.#juries.get(keyOf(disputeId, round))
    return jury.flatMap((juror) => notes?.get(juror.toLowerCase()) ?? [])
  }

  /** Takes a genuine note of a member. A juror's first commitment of a round stands. */
  put(disputeId: number, jury: readonly string[], note: BallotNote): Refusal | undefined {
    const key = keyOf(disputeId, note.round)
    const notes = this.#juries.get(key) ?? new Map<string, BallotNote>()
    const juror = note.juror.toLowerCase()
    const known = notes.get(juror)
    if (known && known.commitment !== note.commitment) return 'two commitments'
    if (note.opening && this.notesOf(disputeId, note.round, jury).length < jury.length) return 'not all bound'
    notes.set(juror, note.opening ? note : (known ?? note))
    this.#juries.set(key, notes)
    for (const oldest of this.#juries.keys()) {
      if (this.#juries.size <= MAX_JURIES) break
      this.#juries.delete(oldest)
    }
    return undefined
  }
}

const keyOf = (disputeId: number, round: number): string => `${disputeId}/${round}`
