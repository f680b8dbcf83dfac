import { parseEther, parseUnits } from 'ethers'

const MINUTE = 60
const HOUR = 60 * MINUTE

/** ScoreParameters of interfaces/Types.sol: what Hashrate, Drilling and Rewards are deployed with. */
export type ScoreParameters = {
  epochSeconds: number
  roundSeconds: number
  roundOdds: number
  benchmarkSeconds: number
  drillSeconds: number
  drillSize: number
  ticketMflops: number
  ticketStakeWei: bigint
  fillInNut: bigint
  creditPriceWei: bigint
  emissionWei: bigint
  halvingEpochs: number
}

/** Operations of one nano-ut: 4.32e11 of one ut, over 1e9. */
export const OPERATIONS_PER_NUT = 432

/** Operations of a fill-in task (verifier/src/drill/fillIn.ts counts the same). */
const FILL_IN_OPERATIONS = 1_115_684_864

const shared = {
  drillSize: 6,
  ticketMflops: 1_000,
  fillInNut: BigInt(Math.floor(FILL_IN_OPERATIONS / OPERATIONS_PER_NUT)),
  // An H100's hour is some 400,000 ut at 50 TFLOPS; 2 % of two tokens buy as much.
  creditPriceWei: parseUnits('100', 'gwei'),
}

/** For a chain that strangers use, with a block every 12 seconds: a benchmark a day, at a time drawn by a block's hash. */
export const defaultScoreParameters: ScoreParameters = {
  ...shared,
  epochSeconds: 24 * HOUR,
  roundSeconds: 24 * HOUR,
  roundOdds: 3_600,
  benchmarkSeconds: 10 * MINUTE,
  drillSeconds: 10 * MINUTE,
  ticketStakeWei: parseEther('10'),
  emissionWei: parseEther('1000'),
  halvingEpochs: 730,
}

/** For a chain on one machine. */
export const devnetScoreParameters: ScoreParameters = {
  ...shared,
  epochSeconds: 5 * MINUTE,
  roundSeconds: 10 * MINUTE,
  roundOdds: 1,
  benchmarkSeconds: 30,
  drillSeconds: 30,
  ticketStakeWei: parseEther('1'),
  emissionWei: parseEther('10'),
  halvingEpochs: 10_000,
}
