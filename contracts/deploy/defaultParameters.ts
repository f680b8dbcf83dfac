import { parseEther } from 'ethers'
import type { ParameterFacts } from '../bindings/readParameters.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE

/** Parameters for a chain that strangers use: phases of hours, ten auditors before proofs are offered. */
export const defaultParameters: ParameterFacts = {
  confirmSeconds: 15 * MINUTE,
  lastWindowSeconds: 10 * MINUTE,
  commitSeconds: 6 * HOUR,
  revealSeconds: 2 * HOUR,
  challengeSeconds: HOUR,
  unbondingSeconds: 7 * 24 * HOUR,
  beaconDelayBlocks: 4,
  protocolFeeBps: 200,
  minSeats: 10,
  panelSize: 5,
  auditFeePerSegmentWei: parseEther('0.025'),
  seatStakeWei: parseEther('500'),
  panelCostWei: parseEther('5'),
}
