/** What a bench prints, one line of JSON. `met` compares value (or ratio, where the goal is one) with the goal. */
export type Figure = {
  figure: string
  value: number
  unit: string
  reference: string
  ratio: number
  goal: string
  met: boolean
  detail: Record<string, unknown>
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export function round(value: number, digits = 4): number {
  return Number(value.toFixed(digits))
}
