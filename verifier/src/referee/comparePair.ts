type Window = { readonly segments: number; readonly lastStateRoot: string }

/** How far two refereed orders came to the same, by what both have opened. */
export type Comparison = {
  /** windows that both have opened */
  readonly compared: number
  /** the first of these that ends otherwise; null: none does */
  readonly differsFrom: number | null
}

/** Compares what two orders opened, in order. One that was stopped in a shorter last window has done other work in it. */
export function comparePair(own: readonly Window[], twins: readonly Window[]): Comparison {
  const compared = Math.min(own.length, twins.length)
  const common = own.slice(0, compared)
  const first = common.findIndex(({ segments, lastStateRoot }, window) => {
    const twin = twins[window]!
    return segments !== twin.segments || lastStateRoot !== twin.lastStateRoot
  })
  return { compared, differsFrom: first < 0 ? null : first }
}
