import { Button } from '../components/Button.tsx'
import { formatClock, formatSeconds } from '../format/formatTime.ts'
import { useNow } from '../live/useNow.ts'
import { ActionStatus } from '../wallet/ActionStatus.tsx'
import { useAction } from '../wallet/useAction.ts'
import { useWallet } from '../wallet/useWallet.ts'
import { type AwaitedRound, useAwaitedRounds } from './useAwaitedRounds.ts'

/** Auditors' services, then the seller's daemon, show a round by themselves within so many seconds. */
const THEIR_TURN_SECONDS = 20
type Props = { orderId: string; only?: AwaitedRound['draws'] }

/** The drand rounds that an order waits for: anybody may show one that nobody else shows. Nothing where hashes of blocks draw. */
export const AwaitedRounds = ({ orderId, only }: Props) => {
  const action = useAction()
  const rounds = useAwaitedRounds(orderId).filter(({ draws }) => only === undefined || draws === only)
  if (rounds.length === 0 && action.state.phase === 'idle') return null
  const show = (round: number) =>
    action.run(async (tell, wallet, deployment) => {
      const { showRoundByWallet } = await import('./showRoundByWallet.ts')
      await showRoundByWallet({ wallet, deployment, tell }, round)
    })
  return (
    <div className="grid gap-2">
      {rounds.map((one) => (
        <RoundRow key={one.round} awaited={one} isBusy={action.state.phase === 'working'} onShow={show} />
      ))}
      <ActionStatus state={action.state} done="The round is shown." />
    </div>
  )
}

type RowProps = { awaited: AwaitedRound; isBusy: boolean; onShow: (round: number) => void }

const RoundRow = ({ awaited: { round, draws, thereAt }, isBusy, onShow }: RowProps) => {
  const left = thereAt - useNow()
  const { account } = useWallet()
  const what = `drand round ${round}, which draws its ${wordsOf[draws]},`
  if (left > 0)
    return (
      <p className="text-muted">
        It waits for {what} to come at {formatClock(thereAt)}, in {formatSeconds(left)}.
      </p>
    )
  if (left > -THEIR_TURN_SECONDS)
    return <p className="text-muted">It waits for {what} to be shown by auditors or the seller’s machine.</p>
  return (
    <>
      <p>
        Nobody has shown the contracts {what} yet. Anyone may, for the gas of one transaction; without it the
        order ends unaudited.
      </p>
      {account ? (
        <p>
          <Button onClick={() => onShow(round)} disabled={isBusy}>
            Show round {round}
          </Button>
        </p>
      ) : (
        <p className="text-muted">Connect a wallet to show it.</p>
      )}
    </>
  )
}

const wordsOf: Readonly<Record<AwaitedRound['draws'], string>> = {
  'segments and panel': 'segments and auditors',
  'larger panel': 'larger panel',
  jury: 'jury',
}
