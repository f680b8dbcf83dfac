import { skipToken, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { chainQuery, orderQuery } from '../api/queries.ts'
import { Button } from '../components/Button.tsx'
import { Link } from '../components/Link.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { useOrderGrant } from '../order/orderGrants.ts'
import { orderUrl } from '../url.ts'
import { FailureBox } from '../wallet/FailureBox.tsx'
import type { StepProps } from './JobStep.tsx'

/** What training begins with, where that is another order's checkpoint: taken from its seller and checked here. */
export const ResumePart = ({ draft, change }: Pick<StepProps, 'draft' | 'change'>) => {
  const { resumeOrder, resumeCid } = draft
  const { data: chain } = useQuery(chainQuery())
  const { data: order, error: orderError } = useQuery(orderQuery(resumeOrder))
  const grant = useOrderGrant(resumeOrder)?.header
  const [mayPublish, setMayPublish] = useState(resumeCid !== '') // what was taken was agreed to
  const isHeld = order !== undefined && order.job?.access !== 'public' && !mayPublish
  const taken = useQuery({
    queryKey: ['taken', resumeOrder, grant !== undefined],
    queryFn:
      order && chain && !isHeld
        ? async () => (await import('./takeCheckpoint.ts')).takeCheckpoint(order, chain.deployment, grant)
        : skipToken,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const cid = taken.data?.cid
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was taken is what changes the draft
  useEffect(() => {
    if (cid !== undefined && cid !== resumeCid) change({ resumeCid: cid })
  }, [cid, resumeCid])
  const error = orderError ?? taken.error
  return (
    <section
      aria-label="What training begins with"
      className="min-w-0 rounded-lg border border-accent bg-accent-soft p-4 [overflow-wrap:anywhere]"
    >
      <p>
        This trains the model of <Link href={orderUrl(resumeOrder)}>order #{resumeOrder}</Link> further, from
        its last checkpoint, whose hash goes into the new order. Choose new training data; model and program
        stay.
      </p>
      {isHeld && (
        <div className="mt-3 grid gap-3">
          <p>
            <strong className="font-semibold text-warn">Order #{resumeOrder} is private.</strong> Going on
            makes its last checkpoint public: it is put into this market's store, under a hash that the new
            order's job names, and anybody can fetch it there. That cannot be taken back.
          </p>
          <div>
            <Button onClick={() => setMayPublish(true)}>Make that checkpoint public and go on</Button>
          </div>
        </div>
      )}
      <p role="status" className="mt-2 empty:hidden">
        {taken.data
          ? `The checkpoint after step ${formatCount(taken.data.step)} is the one that was proved (${formatCount(taken.data.bytes)} bytes). It is in this market's store.`
          : !error &&
            !isHeld &&
            'Fetching the checkpoint from its seller, and checking it against the chain.'}
      </p>
      {error && (
        <div className="mt-3 grid gap-3">
          <FailureBox error={error} />
          <div>
            <Button onClick={() => void taken.refetch()}>Try again</Button>
          </div>
        </div>
      )}
      <Button onClick={() => change({ resumeOrder: '', resumeCid: '' })} className="mt-3">
        Begin anew instead
      </Button>
    </section>
  )
}
