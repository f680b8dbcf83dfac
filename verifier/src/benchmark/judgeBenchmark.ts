import { checkOpening } from './checkOpening.ts'
import type { Evidence } from './evidence.ts'
import { checkPrecision, type PrecisionClaim, precisions } from './precision.ts'
import { GRID, MAX_SIZE, matricesIn, type Workload } from './program/workload.ts'
import { precisionSamplesOf, samplesOf } from './samplesOf.ts'

export type BenchmarkClaim = {
  size: number
  products: number
  memoryMiB: number
  root: Uint8Array
  precisions: PrecisionClaim[]
}

/**
 * Looks at the sampled tiles of a benchmark: undefined if all hold, else what is wrong. Of whoever made up a share f of his
 * work, (1 - f)^24 pass: 8 % of those who made up a tenth.
 */
export function judgeBenchmark(
  seed: string,
  claim: BenchmarkClaim,
  sampleSeed: string,
  evidence: Evidence,
): string | undefined {
  const { size, products, memoryMiB } = claim
  if (size < GRID || size > MAX_SIZE || size % GRID !== 0) return `no such size: ${size}`
  const workload: Workload = { size, matrices: matricesIn(memoryMiB, size), seed }
  if (workload.matrices < 1) return 'it filled no memory'
  // As many products again as filled the memory: else that it was kept would hardly be looked at.
  if (products < 2 * workload.matrices) return 'too few products for that much memory'
  for (const [place, sample] of samplesOf(sampleSeed, products).entries()) {
    const opening = evidence.openings[place]
    if (!opening) return `product ${sample.index} was not opened`
    const wrong = checkOpening(workload, claim, sample, opening)
    if (wrong) return `product ${sample.index}, tile ${sample.tile}: ${wrong}`
  }
  return judgePrecisions({ seed, size }, claim.precisions, sampleSeed, evidence)
}

function judgePrecisions(
  about: { seed: string; size: number },
  claims: readonly PrecisionClaim[],
  sampleSeed: string,
  evidence: Evidence,
): string | undefined {
  for (const [at, claim] of claims.entries()) {
    const name = precisions[claim.precision]?.name ?? 'an unknown precision'
    if (claim.products < 1) return `${name}: no products`
    for (const [place, sample] of precisionSamplesOf(sampleSeed, claim).entries()) {
      const opening = evidence.precisions[at]?.[place]
      if (!opening) return `${name}: product ${sample.index} was not opened`
      const wrong = checkPrecision(about, claim, sample, opening)
      if (wrong) return `${name}: product ${sample.index}, tile ${sample.tile}: ${wrong}`
    }
  }
  return undefined
}
