import { type KnowingCheat, trickThroughout } from './knowing.ts'

/** @param where the steps and layers whose products are of few bits; all others are float32's */
function short(
  name: string,
  how: string,
  bits: number,
  where: (layer: number, step: number, steps: number) => boolean = () => true,
): KnowingCheat {
  return {
    name,
    how,
    run: (world) =>
      trickThroughout(world, () => ({
        bits: (layer, step) => (where(layer, step, world.size.stepsPerSegment) ? bits : 24),
      })),
  }
}

const TF32 = 11
export const tf32 = short(
  'tf32',
  'factors of all products have 11 significant bits, sums and weights 24',
  TF32,
)
export const tf32FirstLayer = short(
  'tf32, first layer',
  'the same in the first layer alone',
  TF32,
  (layer) => layer === 0,
)
export const tf32LastStep = short(
  'tf32, last step',
  "the same in each segment's last step alone",
  TF32,
  (_layer, step, steps) => step === steps - 1,
)
export const twoBf16 = short(
  'two bf16',
  'factors of all products have 16 significant bits: two bf16 each',
  16,
)
