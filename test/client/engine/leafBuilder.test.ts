import { buildLeaf } from '@trainyard/verifier/buildLeaf.ts'
import { writeCheckpoint } from '@trainyard/verifier/canonical/checkpoint.ts'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { initialState } from '@trainyard/verifier/canonical/init.ts'
import { checkpointRoot } from '@trainyard/verifier/checkpointRoot.ts'
import type { InnerStep } from '@trainyard/verifier/hash/innerRoot.ts'
import { expect, onTestFinished, test } from 'vitest'
import { createLeafBuilder } from '../../../client/src/engine/leaf/createLeafBuilder.ts'
import { tinyJob } from '../rig/tinyJob.ts'

const MIB = 1024 * 1024

async function segmentOf(layers: number[]) {
  const { job, data } = await tinyJob({ model: { kind: 'mlp', layers } })
  const train = readDataSet(data.train)
  const after = writeCheckpoint({ ...initialState(job), step: job.stepsPerSegment, cursor: 32, epoch: 1 })
  const inner = Array.from({ length: job.stepsPerSegment }, (_, i): InnerStep => [i, i])
  const claim = {
    seeds: [`0x${'01'.repeat(32)}`],
    orderId: '1',
    seller: `0x${'22'.repeat(20)}`,
    segment: 0,
    stateRootBefore: `0x${'33'.repeat(32)}`,
    inner,
    beaconRound: 5,
  } as const
  const leaves = createLeafBuilder(async () => ({ job, train }))
  onTestFinished(() => leaves.close())
  return { leaves, after, claim, expected: buildLeaf({ ...claim, job, data: train, after }) }
}

/** Rounds of the event loop until a promise is settled. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0
  let isOver = false
  const settled = () => {
    isOver = true
  }
  work.then(settled, settled)
  while (!isOver) {
    await new Promise((resolve) => setImmediate(resolve))
    if (!isOver) turns++
  }
  return turns
}

test('default: a small checkpoint is hashed where it is', async () => {
  const { leaves, after, claim, expected } = await segmentOf([16, 12, 4])
  expect(await leaves.leaf(after, claim)).toEqual(expected)
  expect(await leaves.root(after)).toBe(checkpointRoot(after))
})

test('behavior: while a large one is hashed the daemon goes on, and the leaf is the same', async () => {
  const { leaves, after, claim, expected } = await segmentOf([16, 40_000, 4])
  expect(after.byteLength).toBeGreaterThan(4 * MIB)
  const hashing = leaves.leaf(after, claim)
  expect(await turnsDuring(hashing)).toBeGreaterThan(0)
  expect(await hashing).toEqual(expected)
  expect(await leaves.root(after)).toBe(checkpointRoot(after))
})

test('error: a large checkpoint that is none, and the next one after it', async () => {
  const { leaves, after, claim, expected } = await segmentOf([16, 40_000, 4])
  await expect(leaves.leaf(new Uint8Array(5 * MIB), claim)).rejects.toThrow()
  await expect(leaves.leaf(after, { ...claim, segment: 1 })).rejects.toThrow('ends at step 32, not 16')
  expect(await leaves.leaf(after, claim)).toEqual(expected)
})

test('behavior: a thread that was ended is replaced', async () => {
  const { leaves, after, claim, expected } = await segmentOf([16, 40_000, 4])
  await leaves.leaf(after, claim)
  leaves.close()
  expect(await leaves.leaf(after, claim)).toEqual(expected)
})
