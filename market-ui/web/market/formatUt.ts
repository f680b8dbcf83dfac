const NUT_PER_UT = 1e9
const digits = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 })

const few = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })
const scientific = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, notation: 'scientific' })

/** ut (one is 4.32e11 operations) to four digits, from nano-ut. */
export const formatNut = (nut: string): string => `${digits.format(Number(nut) / NUT_PER_UT)}\u00a0ut`

/** ut to three digits, in a column's width: 0.00122, 1.41e-6. */
export const shortUt = (ut: number): string => {
  const fits = ut === 0 || (ut >= 0.001 && ut < 100_000)
  return `${fits ? few.format(ut) : scientific.format(ut).replace('E', 'e')}\u00a0ut`
}
