import { id } from 'ethers'
import { type Attack, BY_REPLAY, everySegment } from '../attack.ts'
import { cheatThroughout } from '../trainCheaply.ts'
import type { World } from '../world.ts'

const shuffled = (world: World) => ({ seeds: world.seeds.map((_, window) => id(`own order ${window}`)) })

export const wrongOrder: Attack = {
  name: 'wrong order',
  how: 'all data, each sample once an epoch, in an order of its own',
  failedBy: BY_REPLAY,
  wrong: everySegment,
  run: (world) => ({ ...cheatThroughout(world, shuffled(world)), log: () => shuffled(world) }),
}
