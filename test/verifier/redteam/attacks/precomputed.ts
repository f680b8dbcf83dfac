import { id } from 'ethers'
import { type Attack, BY_REPLAY, everySegment } from '../attack.ts'
import { cheatThroughout, runFrom, trainCheaply } from '../trainCheaply.ts'
import type { World } from '../world.ts'

const madeUp = (world: World) => world.seeds.map((_, window) => id(`made-up beacon ${world.seed} ${window}`))

export const precomputedWindow: Attack = {
  name: 'precomputed window',
  how: 'window 1 was trained before its beacon was known, under one made up; the leaves name the real one',
  failedBy: BY_REPLAY,
  wrong: (world) => everySegment(world).filter((s) => Math.floor(s / world.size.segmentsPerWindow) === 1),
  run(world) {
    const seeds = world.seeds.map((seed, window) => (window === 1 ? madeUp(world)[1]! : seed))
    const inWindow = (segment: number) => Math.floor(segment / world.size.segmentsPerWindow) === 1
    return runFrom(world, (segment, before) => {
      return trainCheaply(world, before, segment, inWindow(segment) ? { seeds } : {})
    })
  },
}

export const precomputedJob: Attack = {
  name: 'precomputed job',
  how: 'the whole job was trained before the order, under made-up beacons',
  failedBy: BY_REPLAY,
  wrong: everySegment,
  run: (world) => cheatThroughout(world, { seeds: madeUp(world) }),
}
