import { id } from 'ethers'

/** What a juror can find besides a state root (Findings.sol). */
export const findings = {
  valid: id('trainyard.valid'),
  fault: id('trainyard.fault'),
  unavailable: id('trainyard.unavailable'),
} as const
