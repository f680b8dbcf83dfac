import { lazy, Suspense, useState } from 'react'
import type { Order } from '../../server/api/schemas.ts'
import { Button } from '../components/Button.tsx'
import { Link } from '../components/Link.tsx'
import { useNow } from '../live/useNow.ts'
import { newOrderUrl } from '../url.ts'
import { ActionStatus } from '../wallet/ActionStatus.tsx'
import { useAction } from '../wallet/useAction.ts'
import { useWallet } from '../wallet/useWallet.ts'
import { AwaitedRounds } from './AwaitedRounds.tsx'
import { canResume } from './canResume.ts'

const StopDialog = lazy(() => import('./StopDialog.tsx'))
const ExtendDialog = lazy(() => import('./ExtendDialog.tsx'))
const ChallengeDialog = lazy(() => import('../dispute/ChallengeDialog.tsx'))

/** What can be done with an order now, and by whom. */
export const OrderActions = ({ order }: { order: Order }) => {
  const [open, setOpen] = useState<'stop' | 'extend' | 'challenge' | undefined>()
  const { account } = useWallet()
  const isBuyer = account?.toLowerCase() === order.buyer.toLowerCase()
  const isPayer = account?.toLowerCase() === order.payer.toLowerCase()
  const canStop = order.status === 'Preparing' || order.status === 'Training'
  const canChallenge = isInAudit(order)
  const close = () => setOpen(undefined)
  return (
    <section aria-label="Actions" className="mt-5">
      <div className="grid gap-3">
        {canStop && !isBuyer && (
          <p className="text-muted">
            {account
              ? 'Only the buyer may stop or extend it; another wallet is connected.'
              : 'Connect the wallet that placed this order to stop or extend it.'}
          </p>
        )}
        <div className="flex flex-wrap items-center gap-3">
          {canStop && isBuyer && (
            <Button look="danger" onClick={() => setOpen('stop')}>
              Stop…
            </Button>
          )}
          {order.status === 'Training' && isBuyer && isPayer && (
            <Button onClick={() => setOpen('extend')}>Extend…</Button>
          )}
          {canChallenge && account && (
            <Button onClick={() => setOpen('challenge')}>Challenge a segment…</Button>
          )}
          {canResume(order) && (
            <Link href={newOrderUrl({ resume: order.orderId })}>Train this model further, with new data</Link>
          )}
          <Link href={newOrderUrl({ from: order.orderId })}>Order this job again, with changes</Link>
        </div>
        {canChallenge && !account && (
          <p className="text-muted">
            Whoever replayed a segment and found that it does not hold may challenge it: connect a wallet.
          </p>
        )}
        {isInAudit(order) && <AwaitedRounds orderId={order.orderId} />}
        <Anyone order={order} />
      </div>
      <Suspense>
        {open === 'stop' && <StopDialog order={order} onClose={close} />}
        {open === 'extend' && <ExtendDialog order={order} onClose={close} />}
        {open === 'challenge' && account && (
          <ChallengeDialog order={order} account={account} onClose={close} />
        )}
      </Suspense>
    </section>
  )
}

/** A segment may be challenged until the panel has passed the order; a refereed one once the other one has ended, too. */
const isInAudit = ({ status, audit }: Order): boolean =>
  status === 'Disputed' || (status === 'Auditing' && audit.outcome === 'Pending' && audit.deadlineAt > 0)

const wordsOf = (canExpire: boolean, { audit }: Order): string => {
  if (canExpire) return 'End it: its time is over'
  return audit.outcome === 'Undecided' ? 'Draw a larger panel' : 'Settle it: move the money'
}

/** What anybody may do once a time is over, so that nobody can be stuck. */
const Anyone = ({ order }: { order: Order }) => {
  const now = useNow()
  const action = useAction()
  const { account } = useWallet()
  const isOverdue = order.phaseDeadlineAt !== null && now > order.phaseDeadlineAt
  const canExpire = isOverdue && (order.status === 'Preparing' || order.status === 'Training')
  const canSettle = order.status === 'Auditing' && order.audit.outcome !== 'Pending'
  if (!account || !(canExpire || canSettle)) return <ActionStatus state={action.state} done="Done." />
  const act = () =>
    action.run(async (tell, wallet, deployment) => {
      const { endOverdue, settle } = await import('./orderActions.ts')
      return (canExpire ? endOverdue : settle)({ wallet, deployment, tell }, order.orderId)
    })
  return (
    <>
      <p>
        <Button onClick={act} disabled={action.state.phase === 'working'}>
          {wordsOf(canExpire, order)}
        </Button>
      </p>
      <ActionStatus state={action.state} done="Done." />
    </>
  )
}
