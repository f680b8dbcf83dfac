const clock = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
})
const full = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', hour12: false })

/** Seconds since 1970 as a time of day. */
export const formatClock = (atSeconds: number): string => clock.format(atSeconds * 1000)

const date = new Intl.DateTimeFormat('en', { dateStyle: 'medium' })

/** Seconds since 1970 as a date. */
export const formatDate = (atSeconds: number): string => date.format(atSeconds * 1000)

/** Seconds since 1970 as date and time. */
export const formatDateTime = (atSeconds: number): string => full.format(atSeconds * 1000)

/** A length of time in its two largest units: "1 h 5 min", "42 s". */
export const formatSeconds = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole}\u00a0s`
  if (whole < 3600) return joined(Math.floor(whole / 60), 'min', whole % 60, 's')
  if (whole < 86_400) return joined(Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'min')
  return joined(Math.floor(whole / 86_400), 'd', Math.floor((whole % 86_400) / 3600), 'h')
}

/** How long ago something was, in its largest unit: "3 h ago". A clock that is behind makes it now. */
export const formatAgo = (atSeconds: number, nowSeconds = Date.now() / 1000): string => {
  const seconds = Math.max(0, Math.floor(nowSeconds - atSeconds))
  const [size, unit] = AGO_UNITS.find(([least]) => seconds >= least) ?? [1, 's']
  return `${Math.floor(seconds / size)}\u00a0${unit} ago`
}

const AGO_UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
] as const

const joined = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large}\u00a0${largeUnit}` : `${large}\u00a0${largeUnit} ${small}\u00a0${smallUnit}`
