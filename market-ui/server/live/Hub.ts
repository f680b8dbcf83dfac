/** What changed on the chain, for pages that are open. `all`: read everything again. */
export type Change =
  | { readonly topic: 'order' | 'machine'; readonly id: string }
  | { readonly topic: 'head'; readonly head: number; readonly behind: number }
  | { readonly topic: 'node'; readonly reachable: boolean }
  | { readonly topic: 'reset'; readonly genesisHash: string }
  | { readonly topic: 'all' }

export type NumberedChange = { readonly id: number; readonly change: Change }

const KEPT = 512

/** Hands changes to every open stream, and keeps the last few for streams that come back. */
export class Hub {
  readonly #listeners = new Set<(numbered: NumberedChange) => void>()
  readonly #recent: NumberedChange[] = []
  /** Starts at the clock, so that ids of an earlier process are older than all of ours. */
  #lastId = Date.now()

  get lastId(): number {
    return this.#lastId
  }

  publish(change: Change): void {
    this.#lastId += 1
    const numbered = { id: this.#lastId, change }
    this.#recent.push(numbered)
    if (this.#recent.length > KEPT) this.#recent.shift()
    for (const listener of this.#listeners) listener(numbered)
  }

  /** What was published after an id; undefined if some of it is no longer kept. */
  since(id: number): readonly NumberedChange[] | undefined {
    if (id === this.#lastId) return []
    const first = this.#recent[0]
    if (first === undefined || !Number.isInteger(id) || id < first.id - 1 || id > this.#lastId)
      return undefined
    return this.#recent.filter((numbered) => numbered.id > id)
  }

  /** Calls back for every change until the returned function is called. */
  listen(listener: (numbered: NumberedChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
