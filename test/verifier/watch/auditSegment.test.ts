import { buildLeaf } from '@trainyard/verifier/buildLeaf.ts'
import { writeCheckpoint } from '@trainyard/verifier/canonical/checkpoint.ts'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { initialState } from '@trainyard/verifier/canonical/init.ts'
import { readSafetensors, writeSafetensors } from '@trainyard/verifier/canonical/safetensors.ts'
import { scheduleOf } from '@trainyard/verifier/canonical/schedule.ts'
import { checkpointRoot } from '@trainyard/verifier/checkpointRoot.ts'
import { type Evidence, evidenceBytes, signEvidence } from '@trainyard/verifier/evidence.ts'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import { replaySegment } from '@trainyard/verifier/replay.ts'
import { type SegmentLeaf, windowRoot } from '@trainyard/verifier/segment.ts'
import { auditSegment } from '@trainyard/verifier/watch/auditSegment.ts'
import { type ChainWindow, checkEvidence } from '@trainyard/verifier/watch/checkEvidence.ts'
import { differenceOf } from '@trainyard/verifier/watch/differenceOf.ts'
import { maxCheckpointBytes, readState } from '@trainyard/verifier/watch/readState.ts'
import { openRerun } from '@trainyard/verifier/watch/rerun.ts'
import { Wallet } from 'ethers'
import { expect, test } from 'vitest'
import { tinyData, tinyJob } from './tinyJob.ts'

const wallet = new Wallet(`0x${'33'.repeat(32)}`)
const seller = wallet.address as Hex
const deployment = { chainId: 31337, windows: `0x${'aa'.repeat(20)}` }
const job = tinyJob('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku')
const data = readDataSet(tinyData())
const schedule = scheduleOf(job)
const seeds: Hex[] = [`0x${'01'.repeat(32)}`]
const beaconBlock = 17
const beacon = `0x${'17'.repeat(32)}`

/** Segments 0 and 1 as an honest seller runs them. */
const segments = (() => {
  let before = initialState(job)
  return [0, 1].map((segment) => {
    const { state: after, inner } = replaySegment({ job, data, seeds, stateBefore: before, segment })
    const stateRootBefore = checkpointRoot(writeCheckpoint(before))
    const facts = {
      job,
      data,
      seeds,
      orderId: '3',
      seller,
      segment,
      stateRootBefore,
      inner,
      beaconRound: beaconBlock,
    }
    const run = { before, after, leaf: buildLeaf({ ...facts, after: writeCheckpoint(after) }) }
    before = after
    return run
  })
})()
const [first, second] = segments as [(typeof segments)[0], (typeof segments)[0]]
const leaves = [first.leaf, second.leaf]
const other: Hex = `0x${'77'.repeat(32)}`

function rerunWith(windowSeeds: Hex[]) {
  const files = { train: tinyData(), heldOut: tinyData() }
  return openRerun({ job, data, seeds: windowSeeds, files }, () => {
    throw new Error('a canonical job runs in no image')
  })
}

async function verdict(
  leaf: SegmentLeaf,
  before = readState(writeCheckpoint(second.before), leaf.stateRootBefore, 4, job),
) {
  return (await auditSegment({ rerun: rerunWith(seeds), leaf, before })).report
}

test('default: an honest segment passes', async () => {
  expect(await verdict(second.leaf)).toEqual({
    segment: 1,
    verdict: 'pass',
    expected: second.leaf.stateRootAfter,
    claimed: second.leaf.stateRootAfter,
    tensors: [],
  })
})

test('behavior: every root that a replay gives is compared', async () => {
  const reasons = {
    stateRootAfter: 'the state after it',
    innerRoot: 'losses or gradient norms',
    batchRoot: 'the batches',
    rngRoot: 'the data cursor',
  }
  for (const [field, reason] of Object.entries(reasons)) {
    const report = await verdict({ ...second.leaf, [field]: other })
    expect(report, field).toMatchObject({ verdict: 'fail', reason: `the replay differs in ${reason}` })
  }
})

test('behavior: another window’s seed gives other batches', async () => {
  const { report } = await auditSegment({
    rerun: rerunWith([other]),
    leaf: second.leaf,
    before: { kind: 'state', state: second.before },
  })
  expect(report).toMatchObject({ verdict: 'fail' })
  expect(report.reason).toContain('the batches')
})

test('behavior: a state of another root, or none, is unavailable; a committed one that is no state is fraud', async () => {
  const bytes = writeCheckpoint(second.before)
  const root = second.leaf.stateRootBefore
  expect(readState(bytes, root, 4, job).kind).toBe('state')
  expect(readState(writeCheckpoint(first.before), root, 4, job).kind).toBe('unavailable')
  expect(readState(bytes.subarray(0, 100), root, 4, job).kind).toBe('unavailable')
  expect(readState(new Uint8Array(), root, 4, job).kind).toBe('unavailable')
  // Committed as the state before step 4, but of another step, or with a tensor too few.
  const early = writeCheckpoint(first.before)
  expect(readState(early, checkpointRoot(early), 4, job).kind).toBe('unusable')
  const short = writeSafetensors(readSafetensors(bytes).slice(1))
  expect(readState(short, checkpointRoot(short), 4, job).kind).toBe('unusable')
  expect(await verdict(second.leaf, { kind: 'unusable', reason: 'x' })).toMatchObject({
    verdict: 'fail',
    expected: null,
  })
  expect(await verdict(second.leaf, { kind: 'unavailable', reason: 'x' })).toMatchObject({
    verdict: 'unavailable',
  })
})

test('behavior: a checkpoint laid out in another way is the same state', () => {
  const bytes = writeCheckpoint(second.before)
  const header = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  const padded = new Uint8Array(bytes.length + 8).fill(0x20)
  padded.set(bytes.subarray(0, 8 + header))
  new DataView(padded.buffer).setBigUint64(0, BigInt(header + 8), true)
  padded.set(bytes.subarray(8 + header), 16 + header)
  expect(readState(padded, second.leaf.stateRootBefore, 4, job).kind).toBe('state')
})

test('behavior: the limit for a checkpoint fits the job', () => {
  const bytes = writeCheckpoint(second.before).length
  expect(maxCheckpointBytes(job)).toBeGreaterThan(bytes)
  expect(maxCheckpointBytes(job)).toBeLessThan(bytes + 70_000)
})

test('behavior: d is 0 for equal states, 1 for no work at all, and grows with the change', () => {
  const { before, after } = second
  expect(differenceOf(after, after, before)).toEqual({ tensors: [], d: 0 })
  expect(differenceOf(after, before, before).d).toBeCloseTo(1, 12)
  const changed = structuredClone(after)
  changed.params[0]![3]! += 0.5
  const { tensors, d } = differenceOf(after, changed, before)
  expect(tensors).toHaveLength(1)
  expect(tensors[0]?.name).toBe('w0')
  expect(tensors[0]?.maxAbs).toBeCloseTo(0.5, 6)
  expect(d).toBeGreaterThan(0)
  changed.momenta[1]![0] = Number.NaN
  const broken = differenceOf(after, changed, before)
  expect(broken.d).toBeNull()
  expect(broken.tensors.find(({ name }) => name === 'm.b0')).toEqual({ name: 'm.b0', maxAbs: null, d: null })
})

const chain: ChainWindow = {
  orderId: 3n,
  seller,
  window: 0,
  root: windowRoot(leaves),
  segments: 2,
  lastStateRoot: second.leaf.stateRootAfter,
  stateRootBefore: first.leaf.stateRootBefore,
  beaconBlock,
  amendment: 0,
  beacon,
}

async function findingOf(
  changed: SegmentLeaf[],
  change: Partial<ChainWindow> = {},
  edit: Partial<Evidence> = {},
) {
  const signed = await signEvidence(wallet, deployment, { orderId: '3', window: 0, beacon, leaves: changed })
  const { root: _root, lastStateRoot: _last, ...same } = chain
  const given = {
    ...same,
    root: windowRoot(changed),
    lastStateRoot: changed.at(-1)!.stateRootAfter,
    ...change,
  }
  const finding = checkEvidence(evidenceBytes({ ...signed, ...edit }), given, schedule, deployment)
  return finding.kind === 'leaves' ? 'leaves' : finding.reason
}

test('default: honest evidence gives its leaves', async () => {
  expect(await findingOf(leaves)).toBe('leaves')
})

test('error: leaves that do not belong to the window, although their root is on chain', async () => {
  const changes: [Partial<SegmentLeaf>, string][] = [
    [{ segment: 2 }, 'names segment 2'],
    [{ orderId: '4' }, 'names another order'],
    [{ seller: other.slice(0, 42) as Hex }, 'names another seller'],
    [{ firstStep: 3 }, 'has other steps'],
    [{ lastStep: 9 }, 'has other steps'],
    [{ beaconRound: 18 }, 'names another beacon'],
    [{ inputsRoot: other }, 'has inputs from peers'],
    [{ stateRootBefore: other }, 'does not follow'],
  ]
  for (const [change, reason] of changes) {
    expect(await findingOf([first.leaf, { ...second.leaf, ...change }]), reason).toContain(reason)
  }
  expect(await findingOf([{ ...first.leaf, stateRootBefore: other }, second.leaf])).toContain(
    'does not follow',
  )
})

test('error: evidence that differs from the chain, or from its signature', async () => {
  expect(await findingOf(leaves, { root: other })).toContain('do not give the root')
  expect(await findingOf(leaves, { lastStateRoot: other })).toContain('does not end in the state root')
  expect(await findingOf(leaves, { segments: 1 })).toContain('2 leaves for 1 segments')
  expect(await findingOf(leaves, { orderId: 4n })).toContain('another order')
  expect(await findingOf(leaves, { window: 1 })).toContain('another order or window')
  expect(await findingOf(leaves, { beacon: other })).toContain('another beacon')
  expect(await findingOf(leaves, {}, { signature: `0x${'11'.repeat(65)}` })).toMatch(/signature|not signed/)
  const stranger = new Wallet(`0x${'44'.repeat(32)}`)
  const forged = await signEvidence(stranger, deployment, { orderId: '3', window: 0, beacon, leaves })
  expect(await findingOf(leaves, {}, { signature: forged.signature })).toContain('not signed by the seller')
  expect(checkEvidence(new TextEncoder().encode('{}'), chain, schedule, deployment).kind).toBe('fault')
})
