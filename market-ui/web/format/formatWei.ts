const WEI_DIGITS = 18
const separated = new Intl.NumberFormat('en')
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/**
 * Whole wei as an amount of DEV, without the unit: at most `maxDecimals` decimals, cut and not rounded up, so that
 * nobody is shown more than there is. What is there but too small to show is "< 0.000001".
 */
export const formatWei = (wei: string, maxDecimals = 6): string => {
  const digits = wei.padStart(WEI_DIGITS + 1, '0')
  const whole = separated.format(BigInt(digits.slice(0, -WEI_DIGITS)))
  const decimals = digits.slice(-WEI_DIGITS).slice(0, maxDecimals).replace(/0+$/, '')
  if (decimals !== '') return `${whole}.${decimals}`
  if (whole === '0' && BigInt(wei) > 0n) return `< 0.${'0'.repeat(maxDecimals - 1)}1`
  return whole
}

/** The exact amount in DEV or another unit of 18 decimals, every decimal of it. */
export const exactDev = (wei: string, unit = 'DEV'): string => `${formatWei(wei, WEI_DIGITS)} ${unit}`

const MOST_IN_FULL = 100_000

/** An amount where there is room for ten characters: four decimals, and millions as such. For reading only. */
export const shortWei = (wei: string): string => {
  const dev = Number(wei) / 10 ** WEI_DIGITS
  return dev >= MOST_IN_FULL ? compact.format(dev) : formatWei(wei, 4)
}
