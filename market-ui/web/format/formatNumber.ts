// Made once: to make one takes longer than to use it a hundred times.
const whole = new Intl.NumberFormat('en')
const oneDecimal = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })

/** A count with thousands separated. */
export const formatCount = (value: number): string => whole.format(value)

/** A loss or rate: four significant decimals at most. */
export const formatLoss = (value: number): string =>
  Number.isFinite(value)
    ? value.toLocaleString('en', { minimumFractionDigits: 4, maximumFractionDigits: 4 })
    : String(value)

/** A share of one as percent with one decimal. */
export const formatPercent = (share: number): string => `${oneDecimal.format(share * 100)}\u00a0%`

/** "1 window", "2 windows". */
export const formatPlural = (count: number, word: string): string =>
  `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`

/** Steps a second: whole from ten on, else two digits that count. */
export const formatSpeed = (perSecond: number): string =>
  perSecond >= 10 ? formatCount(Math.round(perSecond)) : perSecond.toPrecision(2)
