import type { VerdictNote } from '@trainyard/verifier/verdictNote.ts'

/** Audits whose notes are kept; the oldest go first. A panel that lost them commits on chain. */
const MAX_AUDITS = 1_000

/** round 1: of an order's larger panel. draw: what its verdicts are about; another where seats moved before it was used. */
export type AuditRound = { readonly orderId: number; readonly round: number; readonly draw: string }

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
    return panel
      .flatMap((member) => notes?.get(member.toLowerCase()) ?? [])
      .filter(({ draw }) => draw === audit.draw)
  }

  /** Takes a genuine note of a member about the draw as it is now. An auditor's first commitment of that stands. */
  put(audit: AuditRound, panel: readonly string[], note: VerdictNote): Refusal | undefined {
    const notes = this.#audits.get(keyOf(audit)) ?? new Map<string, VerdictNote>()
    const key = note.auditor.toLowerCase()
    const last = notes.get(key)
    const known = last?.draw === audit.draw ? last : undefined
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
