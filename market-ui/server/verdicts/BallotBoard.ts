import type { BallotNote } from '@trainyard/verifier/ballotNote.ts'

/** Juries whose notes are kept; the oldest go first. A jury that lost them votes on chain. */
const MAX_JURIES = 1_000

/** Where the members of a jury show each other their signed votes. A juror's first vote of a round stands. */
export class BallotBoard {
  readonly #juries = new Map<string, Map<string, BallotNote>>()

  /** Notes of a dispute's round, in the order of its jury. */
  notesOf(disputeId: number, round: number, jury: readonly string[]): BallotNote[] {
    const notes = this.#juries.get(keyOf(disputeId, round))
    return jury.flatMap((juror) => notes?.get(juror.toLowerCase()) ?? [])
  }

  /** Takes a genuine note of a member. */
  put(disputeId: number, note: BallotNote): void {
    const key = keyOf(disputeId, note.round)
    const notes = this.#juries.get(key) ?? new Map<string, BallotNote>()
    const juror = note.juror.toLowerCase()
    if (!notes.has(juror)) notes.set(juror, note)
    this.#juries.set(key, notes)
    for (const oldest of this.#juries.keys()) {
      if (this.#juries.size <= MAX_JURIES) break
      this.#juries.delete(oldest)
    }
  }
}

const keyOf = (disputeId: number, round: number): string => `${disputeId}/${round}`
