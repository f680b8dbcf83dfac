import type { ReactNode } from 'react'
import { Dialog } from '../components/Dialog.tsx'
import { formatCount, formatPercent, formatPlural } from '../format/formatNumber.ts'
import { formatWei } from '../format/formatWei.ts'
import type { Ranked } from './rankMachines.ts'

/** A rank, explained by the numbers that it is made of. */
export const WhyRank = ({ row, onClose }: { row: Ranked; onClose: () => void }) => {
  const { machine, rank, done, ended, reliability, uptime, peers, cheapness, worth, gpus } = row
  const unit = gpus > 0 ? 'a GPU of' : 'of'
  return (
    <Dialog title={`Machine #${machine.machineId}: rank ${rank}`} onClose={onClose}>
      <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-3">
        <Part name="Reliability, at least" value={formatPercent(reliability)}>
          {formatCount(done)} of {formatPlural(ended, 'order')} done; with 95 % confidence no less than this
          share. Five imagined orders of which three were done are counted in, so that a new machine is
          neither hidden nor first.
        </Part>
        <Part name="Uptime, at least" value={formatPercent(uptime)}>
          {machine.uptime
            ? `${formatCount(machine.uptime.answered)} of ${formatCount(machine.uptime.asked)} questions answered in seven days; with 95 % confidence no less than this share.`
            : 'It was not asked yet.'}{' '}
          Ten imagined questions of which nine were answered are counted in.
        </Part>
        <Part name="Price" value={cheapness.toFixed(2)}>
          {machine.offer
            ? `The median price ${unit} ${formatPlural(peers.count, 'offered machine')} with ${peers.name}, ${formatWei(String(BigInt(Math.round(peers.medianUnitPrice))))} DEV an hour, over this one's: above 1 is cheaper than most of its kind. It counts for a half at least and for two at most.`
            : 'It is not offered.'}
        </Part>
        <Part name="Reliability x uptime x price" value={worth.toFixed(3)} isSum />
      </dl>
      <p className="mt-4 text-muted">
        Free machines come before working ones, machines without an offer last. Nobody can pay for a rank.
      </p>
    </Dialog>
  )
}

const Part = (part: { name: string; value: string; isSum?: boolean; children?: ReactNode }) => (
  <>
    <dt className={part.isSum ? 'font-medium' : ''}>
      {part.name}
      {part.children && <span className="block text-sm text-muted">{part.children}</span>}
    </dt>
    <dd className={`text-right ${part.isSum ? 'font-semibold' : 'font-medium'}`}>{part.value}</dd>
  </>
)
