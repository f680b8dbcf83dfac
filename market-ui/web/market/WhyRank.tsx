import { useState } from 'react'
import { Dialog } from '../components/Dialog.tsx'
import { formatPercent } from '../format/formatNumber.ts'
import type { Ranked } from './rankMachines.ts'

/** The rank as a button that explains itself. */
export const WhyRank = ({ row, rank }: { row: Ranked; rank: number }) => {
  const [isOpen, setIsOpen] = useState(false)
  const { machine, done, ended, reliability, cheapness, score } = row
  return (
    <>
      <button
        type="button"
        onClick={() => setIsOpen(true)}
        aria-label={`Rank ${rank}: why?`}
        className="min-h-6 min-w-8 rounded text-left text-accent underline decoration-dotted underline-offset-4"
      >
        {rank}
      </button>
      {isOpen && (
        <Dialog title={`Machine #${machine.machineId}: rank ${rank}`} onClose={() => setIsOpen(false)}>
          <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-2">
            <dt>
              Reliability{' '}
              <span className="block text-sm text-muted">
                {done} of {ended} orders done; at least this share, with 95 % confidence. Five imagined orders
                of which three were done are counted in, so that a new machine is neither hidden nor first.
              </span>
            </dt>
            <dd className="text-right font-medium">{formatPercent(reliability)}</dd>
            <dt>
              Price{' '}
              <span className="block text-sm text-muted">
                the market's median price over this one: above 1 is cheaper than most
              </span>
            </dt>
            <dd className="text-right font-medium">{cheapness.toFixed(2)}</dd>
            <dt className="font-medium">Score: reliability x price</dt>
            <dd className="text-right font-semibold">{score.toFixed(3)}</dd>
          </dl>
          <p className="mt-4 text-muted">
            Free machines come before working ones, machines without an offer last. Nobody can pay for a rank.
          </p>
        </Dialog>
      )}
    </>
  )
}
