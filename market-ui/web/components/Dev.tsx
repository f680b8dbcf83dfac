import { exactDev, formatWei } from '../format/formatWei.ts'

/** An amount of the token, or of the chain's own coin; the exact one is in the title. */
export const Dev = ({ wei, per, unit = 'DEV' }: { wei: string; per?: string; unit?: string }) => (
  <span className="whitespace-nowrap" title={exactDev(wei, unit)}>
    {formatWei(wei)} {unit}
    {per && ` / ${per}`}
  </span>
)
