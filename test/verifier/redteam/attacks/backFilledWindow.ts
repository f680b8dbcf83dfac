import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import { id } from 'ethers'
import type { Attack } from '../attack.ts'
import type { World } from '../world.ts'

const WINDOW = 2
const first = (world: World) => WINDOW * world.size.segmentsPerWindow

/** In window 2, and its first successor, which begins with a state that nobody has. */
const affected = (world: World) =>
  Array.from({ length: world.size.segmentsPerWindow + 1 }, (_, i) => first(world) + i)

export const backFilledWindow: Attack = {
  name: 'back-filled window',
  how: 'window 2 was committed in time with roots made up, and trained honestly afterwards',
  failedBy: ['checkpoint', 'replay'],
  wrong: affected,
  run(world) {
    const isBlind = (segment: number) => Math.floor(segment / world.size.segmentsPerWindow) === WINDOW
    const root = (segment: number) => id(`made-up root ${segment}`) as Hex
    return {
      ...world.honest,
      leaf: (leaf) => ({
        ...leaf,
        stateRootBefore: isBlind(leaf.segment - 1) ? root(leaf.segment - 1) : leaf.stateRootBefore,
        stateRootAfter: isBlind(leaf.segment) ? root(leaf.segment) : leaf.stateRootAfter,
      }),
    }
  },
}
