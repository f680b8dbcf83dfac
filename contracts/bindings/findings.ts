import { id } from 'ethers'

/** What a juror can find besides a state root (Findings.sol). */
export const findings = {
  valid: id('trainyard.valid'),
  unusable: id('trainyard.unusable'),
  unavailable: id('trainyard.unavailable'),
} as const
