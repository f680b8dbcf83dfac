import type { VerdictNote } from '@trainyard/verifier/verdictNote.ts'

/** Audits whose notes are kept; the oldest go first. A panel that lost them commits on chain. */
const MAX_AUDITS = 1_000

/** round 1: of an order's larger panel. */
export type AuditRound = { readonly orderId: number; readonly round: number }

const keyOf = ({ orderId, round }: AuditRound): string => `${orderId}/${round}`

export type Refusal = 'two commitments' | 'not all bound'

/**
 * Where the members of a panel bind themselves to their verdicts and then open them to each other. It keeps nobody's
 * secret early: it takes an opening only once every member is bound.
 */
export class VerdictBoard {
  readonly #audits = new Map<string, Map<string, VerdictNote>>()

  /** Notes of an audit in the order of its panel. */
  notesOf(audit: AuditRound, panel: readonly string[]): VerdictNote[] {
    const notes = this.#audits.get(keyOf(audit))
    return panel.flatMap((member) => notes?.get(member.toLowerCase()) ?? [])
  }

  /** Takes a genuine note of a member. An auditor's first commitment stands. */
  put(audit: AuditRound, panel: readonly string[], note: VerdictNote): Refusal | undefined {
    const notes = this.#audits.get(keyOf(audit)) ?? new Map<string, VerdictNote>()
    const key = note.auditor.toLowerCase()
    const known = notes.get(key)
    if (known && known.commitment !== note.commitment) return 'two commitments'
    if (note.opening && this.notesOf(audit, panel).length < panel.length) return 'not all bound'
    notes.set(key, note.opening ? note : (known ?? note))
    this.#audits.set(keyOf(audit), notes)
    for (const oldest of this.#audits.keys()) {
      if (this.#audits.size <= MAX_AUDITS) break
      this.#audits.delete(oldest)
    }
    return undefined
  }
}
