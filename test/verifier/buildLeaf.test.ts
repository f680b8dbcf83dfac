import { buildLeaf } from '@trainyard/verifier/buildLeaf.ts'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { windowSeed } from '@trainyard/verifier/windowSeed.ts'
import { expect, test } from 'vitest'
import { bundleParts } from '../helpers/honestBundle.ts'

const { job, order, evidence, checkpoints, inner, train } = await bundleParts()
const claimed = evidence[1]!.leaves[1]!
const args = {
  job,
  data: readDataSet(train),
  seeds: order.windows.map(({ beacon }, window) => {
    return windowSeed({ jobSeed: job.seed, orderId: order.orderId, window, beacon })
  }),
  orderId: order.orderId,
  seller: order.seller,
  segment: 3,
  stateRootBefore: claimed.stateRootBefore,
  after: checkpoints.get(8)!,
  inner: inner[3]!,
  beaconRound: order.windows[1]!.beaconBlock,
}

test('behavior: a seller claims from its files what a replay finds', () => {
  expect(buildLeaf(args)).toEqual(claimed)
})

test('error: files of another segment', () => {
  expect(() => buildLeaf({ ...args, after: checkpoints.get(4)! })).toThrow('ends at step 8, not 4')
  expect(() => buildLeaf({ ...args, inner: inner[3]!.slice(1) })).toThrow('has 2 steps')
})
