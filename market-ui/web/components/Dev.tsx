import { exactDev, formatWei } from '../format/formatWei.ts'

/** An amount in DEV; the exact one is in the title. */
export const Dev = ({ wei, per }: { wei: string; per?: string }) => (
  <span className="whitespace-nowrap" title={exactDev(wei)}>
    {formatWei(wei)} DEV{per && ` / ${per}`}
  </span>
)
