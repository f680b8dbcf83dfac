import { read } from '@trainyard/contracts/read.ts'
import { maxEvidenceBytes } from '@trainyard/verifier/benchmark/evidence.ts'
import { precisionSamplesOf, samplesOf } from '@trainyard/verifier/benchmark/samplesOf.ts'
import { ZeroHash } from 'ethers'
import type { Scorer } from './scorer.ts'
import type { Submitted } from './takeBenchmark.ts'

/** What auditors may read of the last benchmark, by round. */
export type ServedEvidence = { round: number; bytes: Uint8Array }

/** Opens the sampled products of a submitted benchmark once they are drawn; undefined before, 'gone' where it cannot. */
export async function openSamples(
  scorer: Scorer,
  { round, measured }: Submitted,
): Promise<ServedEvidence | undefined | 'gone'> {
  const sampleSeed = await read(scorer.chain, 'hashrate', 'sampleSeedOf', [scorer.machineId])
  if (sampleSeed === ZeroHash) return undefined
  const samples = {
    samples: samplesOf(sampleSeed, measured.products),
    precisions: measured.precisions.map((claim) => precisionSamplesOf(sampleSeed, claim)),
  }
  try {
    const bytes = await scorer.measuring.open(
      samples,
      maxEvidenceBytes(measured.size, measured.precisions.length),
    )
    if (bytes) return { round, bytes }
  } catch (err) {
    scorer.logger.warn({
      msg: 'opening the samples failed: auditors will find the benchmark wrong',
      round,
      err,
    })
  }
  return 'gone'
}
