import { type Attack, BY_REPLAY, everySegment } from '../attack.ts'
import { cheatThroughout } from '../trainCheaply.ts'
import type { World } from '../world.ts'

const cheat = (world: World) => ({ rate: 1.01 * world.size.learningRate })

export const wrongRate: Attack = {
  name: 'learning rate 1 % off',
  how: 'each step is 1 % longer than the job says',
  failedBy: BY_REPLAY,
  wrong: everySegment,
  run: (world) => ({ ...cheatThroughout(world, cheat(world)), log: () => cheat(world) }),
}
