type AbiItem = {
  readonly type: string
  readonly name?: string
  readonly inputs?: readonly { type: string }[]
}

/** What a contract delegates to (its fallback): both have one address, and so one ABI. */
export const annexes: Readonly<Record<string, string>> = { Market: 'Annex' }

/**
 * The ABI at a contract's address: its own, its annex's, and the interface's errors, some of which its Consents raises.
 * @throws Error for a function that the interface promises and neither has
 */
export function withAnnex<Item extends AbiItem>(
  own: readonly Item[],
  annex: readonly Item[],
  promised: readonly Item[],
): Item[] {
  const keyOf = ({ type, name, inputs }: Item) =>
    `${type} ${name}(${(inputs ?? []).map((input) => input.type).join()})`
  const items = new Map<string, Item>()
  for (const item of annex) if (item.type !== 'constructor') items.set(keyOf(item), item)
  for (const item of own) if (item.type !== 'fallback') items.set(keyOf(item), item)
  for (const item of promised) {
    const isThere = items.has(keyOf(item))
    if (!isThere && item.type === 'function') throw new Error(`${keyOf(item)} has no code`)
    if (!isThere) items.set(keyOf(item), item)
  }
  return [...items.values()].sort((a, b) => keyOf(a).localeCompare(keyOf(b)))
}
