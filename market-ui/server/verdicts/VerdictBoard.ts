import type { VerdictNote } from '@trainyard/verifier/verdictNote.ts'

/** Orders whose notes are kept; the oldest go first. A panel that lost them commits on chain. */
const MAX_ORDERS = 1_000

export type Refusal = 'two commitments' | 'not all bound'

/**
 * Where the members of a panel bind themselves to their verdicts and then open them to each other. It keeps nobody's
 * secret early: it takes an opening only once every member is bound.
 */
export class VerdictBoard {
  readonly #orders = new Map<number, Map<string, VerdictNote>>()

  /** Notes of an order in the order of its panel. */
  notesOf(orderId: number, panel: readonly string[]): VerdictNote[] {
    const notes = this.#orders.get(orderId)
    return panel.flatMap((member) => notes?.get(member.toLowerCase()) ?? [])
  }

  /** Takes a genuine note of a member. An auditor's first commitment stands. */
  put(orderId: number, panel: readonly string[], note: VerdictNote): Refusal | undefined {
    const notes = this.#orders.get(orderId) ?? new Map<string, VerdictNote>()
    const key = note.auditor.toLowerCase()
    const known = notes.get(key)
    if (known && known.commitment !== note.commitment) return 'two commitments'
    if (note.opening && this.notesOf(orderId, panel).length < panel.length) return 'not all bound'
    notes.set(key, note.opening ? note : (known ?? note))
    this.#orders.set(orderId, notes)
    for (const oldest of this.#orders.keys()) {
      if (this.#orders.size <= MAX_ORDERS) break
      this.#orders.delete(oldest)
    }
    return undefined
  }
}
