import { checkOpening } from './checkOpening.ts'
import type { Opening } from './runBenchmark.ts'
import { samplesOf } from './samplesOf.ts'
import type { Workload } from './workload.ts'

export type BenchmarkClaim = { iterations: number; root: Uint8Array }

/**
 * Looks at the sampled products of a benchmark: undefined if all hold, else what is wrong. Of whoever made up a share f of
 * the products, (1 - f)^20 pass: 12 % of those who made up a tenth.
 */
export function judgeBenchmark(
  workload: Workload,
  claim: BenchmarkClaim,
  sampleSeed: string,
  openings: readonly Opening[],
): string | undefined {
  for (const index of samplesOf(sampleSeed, claim.iterations)) {
    const opening = openings.find((candidate) => candidate.index === index)
    if (!opening) return `product ${index} was not opened`
    const wrong = checkOpening(workload, claim, opening)
    if (wrong) return `product ${index}: ${wrong}`
  }
  return undefined
}
