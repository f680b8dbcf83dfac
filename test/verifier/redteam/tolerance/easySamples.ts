import type { Level } from '@trainyard/verifier/tolerance/profile.ts'
import type { World } from '../world.ts'
import type { Trick } from './cheapSteps.ts'
import { type KnowingCheat, trickThroughout } from './knowing.ts'

/** How many of the smallest numbers can go before their root sum of squares is that share of the whole. */
function dispensable(squares: readonly number[], share: number): Set<number> {
  const order = squares.map((_, i) => i).sort((a, b) => squares[a]! - squares[b]!)
  let left = share ** 2 * squares.reduce((sum, value) => sum + value, 0)
  const out = new Set<number>()
  for (const i of order) {
    left -= squares[i]!
    if (left < 0) break
    out.add(i)
  }
  return out
}

/** Squared norms of the rows of a table. */
function squaresOf(values: Float32Array, width: number): number[] {
  return Array.from({ length: values.length / width }, (_, row) =>
    values.subarray(row * width, (row + 1) * width).reduce((sum, value) => sum + value * value, 0),
  )
}

export const smallDeltas: KnowingCheat = {
  name: 'small deltas',
  how: 'the smallest deltas of each layer are left out, up to a quarter of e',
  run: (world, { thresholds }) =>
    trickThroughout(world, () => ({
      drop(deltas) {
        for (const i of dispensable(squaresOf(deltas, 1), 0.25 * thresholds.e)) deltas[i] = 0
      },
    })),
}

export const noWayBack: KnowingCheat = {
  name: 'easy samples, backwards',
  how: "a batch's easiest samples are computed forwards only, up to a tenth of e",
  run: (world, { thresholds }) =>
    trickThroughout(world, () => ({
      drop(deltas, work) {
        const width = deltas.length / work.batch.length
        for (const s of dispensable(squaresOf(deltas, width), 0.1 * thresholds.e))
          deltas.fill(0, s * width, (s + 1) * width)
      },
    })),
}

/** Samples that the model had right enough when they were last computed are not computed again: `share(segment)` of e. */
function easySamples(
  name: string,
  how: string,
  share: (room: Level, segment: number) => number,
): KnowingCheat {
  return {
    name,
    how: `samples that were learnt when they last came are not computed at all, ${how}`,
    run(world, room) {
      const known = new Map<number, number>()
      return trickThroughout(world, (segment) => leaveOutKnown(world, known, share(room, segment)))
    },
  }
}

function leaveOutKnown(world: World, known: Map<number, number>, share: number): Trick {
  const classes = world.size.layers.at(-1)!
  return {
    leaveOut: (ids) =>
      dispensable(
        Array.from(ids, (id) => known.get(id) ?? Infinity).map((value) => Math.min(value, 1)),
        share,
      ),
    drop(deltas, work) {
      if (deltas !== work.activations.at(-1)) return
      squaresOf(deltas, classes).forEach((square, s) => {
        if (square > 0) known.set(work.batch[s]!, square * work.batch.length ** 2)
      })
    },
  }
}

export const learntSamples = easySamples(
  'easy samples',
  'up to a tenth of e',
  ({ thresholds }) => 0.1 * thresholds.e,
)
export const inHalf = easySamples(
  'easy samples, every second segment',
  'up to a tenth of e, in every second segment',
  ({ thresholds }, segment) => (segment % 2 === 0 ? 0 : 0.1 * thresholds.e),
)
export const inATenth = easySamples(
  'easy samples, every tenth segment',
  'up to a tenth of e, in every tenth segment',
  ({ thresholds }, segment) => (segment % 10 === 5 ? 0.1 * thresholds.e : 0),
)
/** In each segment as much as its rank may be off: what is usual in half, in nine tenths, and the rest. */
export const tuned = easySamples(
  'easy samples, tuned',
  'up to a tenth of e in every tenth segment, up to a third of what is usual in the others',
  ({ thresholds, usual }, segment) =>
    segment % 10 === 9 ? 0.1 * thresholds.e : segment % 2 === 0 ? usual.half.e / 3 : usual.most.e / 3,
)
