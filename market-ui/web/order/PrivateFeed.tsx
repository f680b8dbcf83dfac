import type { Order } from '../../server/api/schemas.ts'
import { Button } from '../components/Button.tsx'
import { formatClock } from '../format/formatTime.ts'
import type { FeedSnapshot } from '../live/OrderFeedStore.ts'
import { ActionStatus } from '../wallet/ActionStatus.tsx'
import { useAction } from '../wallet/useAction.ts'
import { useWallet } from '../wallet/useWallet.ts'
import { keepGrant, useOrderGrant } from './orderGrants.ts'

/** Of a private order: who may read what its machine says, and the signature that opens it. */
export const PrivateFeed = ({ order, feed }: { order: Order; feed: FeedSnapshot }) => {
  const grant = useOrderGrant(order.orderId)
  const { account } = useWallet()
  const action = useAction()
  const isPrivate = order.job?.access === 'private' || grant !== undefined
  if (!isPrivate) return null
  const sign = () =>
    action.run(async (tell, wallet, deployment) => {
      const { signOrderGrant } = await import('./signOrderGrant.ts')
      keepGrant(order.orderId, await signOrderGrant({ wallet, deployment, tell }, order))
    })
  const isOpen = grant !== undefined && feed.state !== 'refused'
  const mayRead = account !== undefined && readersOf(order).has(account.toLowerCase())
  return (
    <section
      aria-label="Who may read this order"
      className="mt-5 rounded-lg border border-line bg-surface p-4"
    >
      {isOpen ? (
        <p>
          This order is private. Your signature opens it in this tab until {formatClock(grant.expiresAt)}; the
          market's server passes it on to the seller's machine and keeps nothing.
        </p>
      ) : (
        <div className="grid gap-3">
          <p className="max-w-3xl">
            {grant && feed.state === 'refused' ? `${feed.message} ` : ''}
            This order is private: loss, log, checkpoints and what the GPUs do are for its parties and its
            auditors.{' '}
            {mayRead
              ? 'Sign a grant to read them here for an hour. It costs nothing and moves no money; while it lasts, this market\u2019s server could read them too, since they pass through it.'
              : account
                ? 'The connected account is none of them.'
                : 'Connect the wallet of one of them.'}
          </p>
          {mayRead && (
            <div>
              <Button onClick={() => void sign()} disabled={action.state.phase === 'working'}>
                Sign to read it here
              </Button>
            </div>
          )}
        </div>
      )}
      <ActionStatus state={action.state} done="" />
    </section>
  )
}

const readersOf = ({ buyer, payer, seller, audit, disputes }: Order): ReadonlySet<string> => {
  const jurors = disputes.flatMap(({ jury }) => jury.map(({ juror }) => juror))
  const panel = audit.panel.map(({ auditor }) => auditor)
  return new Set([buyer, payer, seller, ...panel, ...jurors].map((account) => account.toLowerCase()))
}
