import { read } from '@trainyard/contracts/read.ts'
import { ZeroHash } from 'ethers'
import type { Scorer } from './scorer.ts'

/** What auditors may read of the last benchmark, by round. */
export type ServedEvidence = { round: number; bytes: Uint8Array }

/** Opens the sampled products of the benchmark of `round` once they are drawn; undefined before. */
export async function openSamples(scorer: Scorer, round: number): Promise<ServedEvidence | undefined> {
  const sampleSeed = await read(scorer.chain, 'hashrate', 'sampleSeedOf', [scorer.machineId])
  if (sampleSeed === ZeroHash) return undefined
  const answer = await scorer.bench.ask({ kind: 'evidence', sampleSeed })
  if (!('bytes' in answer)) throw new Error('The samples cannot be opened.')
  return { round, bytes: answer.bytes }
}
