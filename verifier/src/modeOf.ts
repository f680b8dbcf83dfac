import type { ProofMode } from '@trainyard/contracts/words.ts'
import type { AnyJob } from './rental.ts'

const modes = { none: 'None', bitwise: 'Bitwise', tolerance: 'Tolerance', refereed: 'Refereed' } as const

/** How a job's order is proved, in the chain's word. */
export function modeOf({ proof }: AnyJob): ProofMode {
  return modes[proof.mode]
}
