import { type ProofMode, proofModes } from './words.ts'

/** Modes as the chain keeps a machine's: one bit each, in the order of Types.sol. */
export function modesMask(modes: readonly ProofMode[]): number {
  return proofModes.reduce((mask, mode, bit) => (modes.includes(mode) ? mask | (1 << bit) : mask), 0)
}

/** The modes of such a mask. */
export function modesIn(mask: number): ProofMode[] {
  return proofModes.filter((_, bit) => ((mask >> bit) & 1) === 1)
}
