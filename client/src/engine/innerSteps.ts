import type { InnerStep } from '@trainyard/verifier/hash/innerRoot.ts'

/** Bits of loss and gradient norm, step by step, of a segment's progress lines as the journal has them. */
export function innerSteps(lines: string): InnerStep[] {
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { lossBits: number; gradNormBits: number })
    .map(({ lossBits, gradNormBits }): InnerStep => [lossBits, gradNormBits])
}
