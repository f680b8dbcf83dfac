import { type Attack, BY_REPLAY, everySegment } from '../attack.ts'
import { cheatThroughout } from '../trainCheaply.ts'

export const lastLayerOnly: Attack = {
  name: 'last layer only',
  how: 'only the last layer is trained, the others keep their initial weights',
  failedBy: BY_REPLAY,
  wrong: everySegment,
  run: (world) =>
    cheatThroughout(world, {
      gradients(gradients) {
        for (const values of gradients.slice(0, -2)) values.fill(0)
      },
    }),
}
