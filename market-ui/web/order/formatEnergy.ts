const JOULES_PER_WH = 3_600

/** Joules as watt-hours, or kilowatt-hours from one on; three digits. */
export const formatEnergy = (energyJ: number): string => {
  const wh = energyJ / JOULES_PER_WH
  const [value, unit] = wh >= 1_000 ? [wh / 1_000, 'kWh'] : [wh, 'Wh']
  return `${value.toLocaleString('en', { maximumSignificantDigits: 3 })}\u00a0${unit}`
}
