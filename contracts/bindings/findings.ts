import { id } from 'ethers'

/** What a juror can find besides a state root (Findings.sol). */
export const findings = {
  valid: id('trainyard.valid'),
  /** Of orders within a tolerance: a replay comes farther from it than that. */
  outside: id('trainyard.outside'),
  unusable: id('trainyard.unusable'),
  unavailable: id('trainyard.unavailable'),
  stalled: id('trainyard.stalled'),
} as const
