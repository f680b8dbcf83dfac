const NUT_PER_UT = 1e9
const DIGITS = 4

/** Nano-ut as ut (one is 4.32e11 operations), to four digits. */
export const formatUt = (nut: string): string =>
  `${(Number(nut) / NUT_PER_UT).toLocaleString('en', { maximumSignificantDigits: DIGITS })} ut`
