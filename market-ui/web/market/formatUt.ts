const NUT_PER_UT = 1e9
const digits = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 })

/** ut (one is 4.32e11 operations) to four digits. */
export const formatUt = (ut: number): string => `${digits.format(ut)}\u00a0ut`

/** The same from nano-ut. */
export const formatNut = (nut: string): string => formatUt(Number(nut) / NUT_PER_UT)
