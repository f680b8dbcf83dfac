/** At most about `count` round numbers (1, 2 or 5 times a power of ten) from `min` to `max`. */
export function ticks(min: number, max: number, count: number): number[] {
  const span = max - min
  if (!(span > 0) || !Number.isFinite(span)) return [min]
  const power = 10 ** Math.floor(Math.log10(span / count))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => span / size <= count)!
  const found: number[] = []
  for (let i = Math.ceil(min / step); i * step <= max * (1 + 1e-9); i++) found.push(i * step)
  return found
}

/** A number for people: three digits that count. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return 'not a number'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e5 || size < 1e-3) return value.toExponential(2).replace('e+', 'e')
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 6 })
}
