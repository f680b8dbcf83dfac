import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import { id, Wallet } from 'ethers'
import { type Attack, everySegment } from '../attack.ts'
import { claim } from '../trainCheaply.ts'
import type { World } from '../world.ts'

const inWindow = (world: World, window: number) =>
  everySegment(world).filter((s) => Math.floor(s / world.size.segmentsPerWindow) === window)
/** The last segment answers for the whole chain of leaves. */
const andLast = (world: World, segments: number[]) => [...new Set([...segments, world.size.segments - 1])]

export const copiedLeaves: Attack = {
  name: "another seller's leaves",
  how: 'honest leaves of this order that name another seller',
  failedBy: ['leaf-chain'],
  wrong: everySegment,
  run: ({ honest }) => ({
    ...honest,
    leaf: (leaf) => ({ ...leaf, seller: new Wallet(id('another')).address as Hex }),
  }),
}

export const unchained: Attack = {
  name: 'states that do not chain',
  how: 'window 1 begins with another state than window 0 ended in, and is honest from there on',
  failedBy: ['leaf-chain', 'checkpoint'],
  wrong: (world) => andLast(world, inWindow(world, 1)),
  run: (world) => ({
    ...world.honest,
    leaf: (leaf) =>
      leaf.segment === world.size.segmentsPerWindow
        ? { ...leaf, stateRootBefore: id('elsewhere') as Hex }
        : leaf,
  }),
}

export const otherBeacon: Attack = {
  name: 'another beacon named',
  how: 'leaves of window 1 name the beacon of window 0',
  failedBy: ['seeds'],
  wrong: (world) => andLast(world, inWindow(world, 1)),
  run: (world) => ({
    ...world.honest,
    leaf: (leaf) =>
      Math.floor(leaf.segment / world.size.segmentsPerWindow) === 1
        ? { ...leaf, beaconRound: world.beacons[0]!.position }
        : leaf,
  }),
}

export const claimedBatches: Attack = {
  name: 'batches claimed that were not used',
  how: 'honest training, but each leaf of window 1 claims other batches',
  failedBy: ['batch'],
  wrong: (world) => inWindow(world, 1),
  run: (world) => ({
    ...world.honest,
    leaf: (leaf) =>
      Math.floor(leaf.segment / world.size.segmentsPerWindow) === 1
        ? { ...leaf, batchRoot: leaf.innerRoot }
        : leaf,
  }),
}

export const claimedCounters: Attack = {
  name: 'counters that are not the steps',
  how: 'one leaf claims other counters',
  failedBy: ['rng'],
  wrong: (world) => [world.size.segments >> 1],
  run: (world) => ({
    ...world.honest,
    leaf: (leaf) => (leaf.segment === world.size.segments >> 1 ? { ...leaf, rngRoot: leaf.innerRoot } : leaf),
  }),
}

export const claimedLosses: Attack = {
  name: 'losses that were not had',
  how: 'honest training, but each step of one segment claims the loss that is one bit better',
  failedBy: ['inner'],
  wrong: (world) => [world.size.segments >> 1],
  run(world) {
    const segments = world.honest.segments.map((replay, segment) => {
      if (segment !== world.size.segments >> 1) return replay
      const inner = replay.inner.map(([lossBits, normBits]) => [lossBits - 1, normBits] as const)
      return { ...replay, ...claim(world, segment, replay.state, inner) }
    })
    return { ...world.honest, segments }
  },
}
