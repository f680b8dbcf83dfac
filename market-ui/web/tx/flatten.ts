/** One value of a call or event with its name; parts of records are named with a dot. */
export type NamedValue = { readonly name: string; readonly value: string }

/** More of a list than this is said as a number. */
const MAX_ITEMS = 12

/** Lists what a call or event carries, one value a line. Texts are whatever a stranger sent: only ever shown as text. */
export const flatten = (record: Readonly<Record<string, unknown>>, prefix = ''): NamedValue[] =>
  Object.entries(record).flatMap(([key, value], index) => {
    const name = `${prefix}${key || `#${index}`}`
    if (Array.isArray(value)) return flattenList(name, value)
    if (typeof value === 'object' && value !== null)
      return flatten(value as Readonly<Record<string, unknown>>, `${name}.`)
    return [{ name, value: String(value) }]
  })

const flattenList = (name: string, items: readonly unknown[]): NamedValue[] => {
  if (items.length === 0) return [{ name, value: 'none' }]
  const shown = items.slice(0, MAX_ITEMS)
  const rest = items.length - shown.length
  return [
    ...shown.flatMap((item, index) => flatten({ [`${name}[${index}]`]: item })),
    ...(rest > 0 ? [{ name, value: `and ${rest} more` }] : []),
  ]
}

/** A name of the contracts as words: `payouts[0].amountWei` is "payouts 1: amount". */
export const labelOf = (name: string): string =>
  name
    .replace(/\[(\d+)\]/g, (_, index: string) => ` ${Number(index) + 1}`)
    .replace(/Wei$/, '')
    .replaceAll('.', ': ')
    .replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
