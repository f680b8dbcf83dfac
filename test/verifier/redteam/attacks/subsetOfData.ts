import { type Attack, BY_REPLAY, everySegment } from '../attack.ts'
import { cheatThroughout } from '../trainCheaply.ts'
import type { World } from '../world.ts'

const halved = (world: World) => ({
  batch: (due: Uint32Array) => due.map((sample) => sample % (world.data.samples >> 1)),
})

export const subsetOfData: Attack = {
  name: 'subset of the data',
  how: 'only the first half of the data is kept: samples of the other half are replaced by those',
  failedBy: BY_REPLAY,
  wrong: everySegment,
  run: (world) => ({ ...cheatThroughout(world, halved(world)), log: () => halved(world) }),
}
