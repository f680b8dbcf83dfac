const HALF_LIFE_SECONDS = 7 * 86_400

/** What is left of a daily average after a time: half after a week (contracts/src/libraries/DecayLib.sol). */
export const fadedShare = (seconds: number): number => 2 ** (-Math.max(0, seconds) / HALF_LIFE_SECONDS)
