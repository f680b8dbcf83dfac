import { parseEther } from 'ethers'
import type { ParameterFacts } from '../bindings/readParameters.ts'

/** Parameters for a chain on one machine: phases of seconds, one auditor is enough. */
export const devnetParameters: ParameterFacts = {
  confirmSeconds: 60,
  lastWindowSeconds: 5,
  commitSeconds: 60,
  revealSeconds: 60,
  challengeSeconds: 3,
  unbondingSeconds: 60,
  beaconDelayBlocks: 1,
  protocolFeeBps: 200,
  minSeats: 1,
  panelSize: 3,
  auditFeePerSegmentWei: parseEther('0.01'),
  seatStakeWei: parseEther('100'),
  panelCostWei: parseEther('1'),
}
