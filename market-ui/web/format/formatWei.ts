const WEI_DIGITS = 18

/**
 * Whole wei as an amount of DEV, without the unit: at most `maxDecimals` decimals, cut and not rounded up, so that
 * nobody is shown more than there is. What is there but too small to show is "< 0.000001".
 */
export const formatWei = (wei: string, maxDecimals = 6): string => {
  const digits = wei.padStart(WEI_DIGITS + 1, '0')
  const whole = BigInt(digits.slice(0, -WEI_DIGITS)).toLocaleString('en')
  const decimals = digits.slice(-WEI_DIGITS).slice(0, maxDecimals).replace(/0+$/, '')
  if (decimals !== '') return `${whole}.${decimals}`
  if (whole === '0' && BigInt(wei) > 0n) return `< 0.${'0'.repeat(maxDecimals - 1)}1`
  return whole
}

/** The exact amount in DEV or another unit of 18 decimals, every decimal of it. */
export const exactDev = (wei: string, unit = 'DEV'): string => `${formatWei(wei, WEI_DIGITS)} ${unit}`
