import { type KnowingCheat, trickThroughout } from './knowing.ts'

type History = readonly Float32Array[][]

/** The last step of each segment is not computed: only one in `stepsPerSegment` is saved, which is as little as can be. */
function guessLast(name: string, how: string, guess: (before: History) => Float32Array[]): KnowingCheat {
  return {
    name,
    how: `the last step of each segment is not computed; ${how}`,
    run: (world) =>
      trickThroughout(world, () => ({
        guess: (i, before) => (i === world.size.stepsPerSegment - 1 ? guess(before) : undefined),
      })),
  }
}

export const momentumOnly = guessLast('momentum goes on', 'the weights go on by their momentum', (before) =>
  before.at(-1)!.map((values) => new Float32Array(values.length)),
)
export const sameAgain = guessLast(
  'same gradient again',
  'it takes the gradient before it',
  (before) => before.at(-1)!,
)
export const extrapolated = guessLast(
  'extrapolated',
  'its gradient is the line through the two before it',
  (before) => before.at(-1)!.map((values, t) => values.map((value, j) => 2 * value - before.at(-2)![t]![j]!)),
)

/** Tensors 1, 3, ... are biases: the small ones. */
const biasesOf = (gradients: readonly Float32Array[]) => gradients.filter((_, tensor) => tensor % 2 === 1)

export const frozenBiases: KnowingCheat = {
  name: 'frozen small tensors',
  how: 'biases have no gradient',
  run: (world) =>
    trickThroughout(world, () => ({
      gradients(gradients) {
        for (const values of biasesOf(gradients)) values.fill(0)
      },
    })),
}

export const reusedForBiases: KnowingCheat = {
  name: 'reused batch for small tensors',
  how: "biases take the gradient of the step before, except a segment's first",
  run: (world) =>
    trickThroughout(world, () => ({
      gradients(gradients, before) {
        const old = biasesOf(before.at(-1) ?? gradients)
        for (const [i, values] of biasesOf(gradients).entries()) values.set(old[i]!)
      },
    })),
}
