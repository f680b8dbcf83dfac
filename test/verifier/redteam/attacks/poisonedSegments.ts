import type { Attack } from '../attack.ts'
import { runFrom, trainCheaply } from '../trainCheaply.ts'
import type { World } from '../world.ts'

/** Labels moved on by one class: a backdoor's simplest form. */
const poisoned = (world: World) => ({
  data: { ...world.data, labels: world.data.labels.map((label) => (label + 1) % world.size.layers.at(-1)!) },
})

/** @param count segments, spread evenly, never the first or the last, which every audit draws */
export function poisonedSegments(name: string, count: (world: World) => number): Attack {
  const wrong = (world: World) => {
    const open = world.size.segments - 2
    const wanted = count(world)
    return Array.from({ length: wanted }, (_, i) => 1 + Math.floor(((i + 0.5) * open) / wanted))
  }
  return {
    name,
    how: 'these segments are trained on wrong labels; everything else, and all that follows from them, is honest',
    failedBy: ['replay', 'inner'],
    wrong,
    run(world) {
      const bad = new Set(wrong(world))
      return runFrom(world, (segment, before) => {
        return trainCheaply(world, before, segment, bad.has(segment) ? poisoned(world) : {})
      })
    },
  }
}

export const onePoisonedSegment = poisonedSegments('one poisoned segment', () => 1)

export const thirtyPercent = poisonedSegments('30 % of the segments', ({ size }) =>
  Math.round(0.3 * size.segments),
)

/** As small as a lie can be. */
export const oneBit: Attack = {
  name: 'one bit of one weight',
  how: 'one weight of one segment is the next float up',
  failedBy: ['replay'],
  wrong: (world) => [world.size.segments >> 1],
  run: (world) =>
    runFrom(world, (segment, before) => {
      let steps = 0
      const nudge = (params: Float32Array[]) => {
        steps++
        if (steps === world.size.stepsPerSegment) new Uint32Array(params[0]!.buffer)[0]! += 1
      }
      return trainCheaply(
        world,
        before,
        segment,
        segment === world.size.segments >> 1 ? { weights: nudge } : {},
      )
    }),
}
