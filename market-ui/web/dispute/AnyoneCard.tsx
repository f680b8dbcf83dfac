import type { Dispute } from '../../server/api/schemas.ts'
import { Button } from '../components/Button.tsx'
import { Card } from '../components/Card.tsx'
import { useNow } from '../live/useNow.ts'
import { AwaitedRounds } from '../order/AwaitedRounds.tsx'
import { useAwaitedRounds } from '../order/useAwaitedRounds.ts'
import { ActionStatus } from '../wallet/ActionStatus.tsx'
import { useAction } from '../wallet/useAction.ts'
import { useWallet } from '../wallet/useWallet.ts'
import { dueCall } from './dueCall.ts'

/** What anybody may do once it is due, so that no dispute can be stuck. */
export const AnyoneCard = ({ dispute, className }: { dispute: Dispute; className: string }) => {
  const call = dueCall(dispute, useNow())
  const isRoundAwaited = useAwaitedRounds(dispute.orderId).some(({ draws }) => draws === 'jury')
  // Before its round is shown the contracts would refuse to draw the jury.
  const isCallOpen = call !== undefined && !(call === 'drawJury' && isRoundAwaited)
  const action = useAction()
  const { account } = useWallet()
  if (call === undefined && action.state.phase === 'idle') return null
  const act = () =>
    action.run(async (tell, wallet, deployment) => {
      const { closeRound, haveJuryDrawn } = await import('./disputeActions.ts')
      const signing = { wallet, deployment, tell }
      return call === 'drawJury' ? haveJuryDrawn(signing, dispute.id) : closeRound(signing, dispute.id)
    })
  return (
    <Card title="Actions" className={className}>
      <div className="grid gap-3">
        {call === 'drawJury' && isRoundAwaited && (
          <p className="text-muted">
            A drand round draws the jury. Once the contracts have been shown it, anyone may have it drawn.
          </p>
        )}
        {call === 'drawJury' && !isRoundAwaited && (
          <p className="text-muted">
            Anyone may have the jury drawn. Where the seller did not answer, the first call fixes the block,
            or the drand round, that draws it and a second one, once that is there, draws.
          </p>
        )}
        {call === 'drawJury' && <AwaitedRounds orderId={dispute.orderId} only="jury" />}
        {isCallOpen && account && (
          <p>
            <Button onClick={act} disabled={action.state.phase === 'working'}>
              {call === 'drawJury'
                ? 'Have the jury drawn'
                : dispute.stage === 'Closed'
                  ? 'Return the bond'
                  : 'Close the round'}
            </Button>
          </p>
        )}
        {isCallOpen && !account && <p className="text-muted">Connect a wallet to do it.</p>}
        <ActionStatus state={action.state} done="Done." />
      </div>
    </Card>
  )
}
