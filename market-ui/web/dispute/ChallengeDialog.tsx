import { skipToken, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Order } from '../../server/api/schemas.ts'
import { chainQuery } from '../api/queries.ts'
import { Button } from '../components/Button.tsx'
import { Dev } from '../components/Dev.tsx'
import { Dialog } from '../components/Dialog.tsx'
import { Field } from '../components/Field.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { formatWei } from '../format/formatWei.ts'
import { navigate } from '../live/useRoute.ts'
import { disputeUrl } from '../url.ts'
import { ActionStatus } from '../wallet/ActionStatus.tsx'
import { useAction } from '../wallet/useAction.ts'
import { bondParts } from './bondParts.ts'
import { type ChallengeCost, challengeSegment, readChallengeCost } from './challengeActions.ts'

type Props = { readonly order: Order; readonly account: string; readonly onClose: () => void }

/** Which segment, what is risked by saying that it does not hold, and the saying. */
const ChallengeDialog = ({ order, account, onClose }: Props) => {
  const [text, setText] = useState(String(order.audit.drawn[0]?.segment ?? 0))
  const action = useAction()
  const { data: chain } = useQuery(chainQuery())
  const { data: cost } = useQuery({
    queryKey: ['challengeCost', order.orderId, account],
    queryFn: chain ? () => readChallengeCost(chain.deployment, order.orderId, account) : skipToken,
  })
  const segment = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  const problem =
    segment < order.committedSegments ? undefined : `a number from 0 to ${order.committedSegments - 1}`
  const challenge = async () => {
    if (problem !== undefined || cost === undefined) return
    const disputeId = await action.run((tell, wallet, deployment) =>
      challengeSegment(
        { wallet, deployment, tell },
        { orderId: order.orderId, segment, missingWei: cost.missingWei },
      ),
    )
    if (disputeId !== undefined) navigate(disputeUrl(disputeId))
  }
  return (
    <Dialog title={`Challenge order #${order.orderId}`} onClose={onClose}>
      <Field
        label="Segment"
        inputMode="numeric"
        value={text}
        onChange={setText}
        problem={problem}
        hint={problem === undefined && stepsOf(order, segment)}
      />
      {cost && <Consequences cost={cost} />}
      <ActionStatus state={action.state} done="The dispute is open." />
      <div className="mt-4 flex flex-wrap gap-3">
        <Button
          look="danger"
          onClick={() => void challenge()}
          disabled={action.state.phase === 'working' || problem !== undefined || cost === undefined}
        >
          Challenge it under bond
        </Button>
        <Button onClick={onClose}>Leave it</Button>
      </div>
    </Dialog>
  )
}
export default ChallengeDialog

const stepsOf = ({ stepsPerSegment, steps }: Order, segment: number): string =>
  `steps ${formatCount(segment * stepsPerSegment + 1)} to ${formatCount(Math.min(steps, (segment + 1) * stepsPerSegment))}`

const Consequences = ({ cost: { bondWei, missingWei } }: { cost: ChallengeCost }) => {
  const { toJurorsWei, toSellerWei, burnedWei } = bondParts(bondWei)
  return (
    <ul className="my-4 grid list-disc gap-2 pl-5">
      <li>
        You say that this segment does not hold, or that its checkpoints are not served. Replay it first:{' '}
        <code className="font-mono text-[0.875em]">trainyard-verify order</code> does, and a jury will.
      </li>
      <li>
        <Dev wei={bondWei} /> of your bond are reserved until it is decided.
        {missingWei !== '0' && (
          <>
            {' '}
            <Dev wei={missingWei} /> are missing: your wallet is asked to add them first, which may take two
            more transactions.
          </>
        )}
      </li>
      <li>
        If the jury finds that it holds, you lose them: {formatWei(toJurorsWei)} DEV to the jurors,{' '}
        {formatWei(toSellerWei)} to the seller, {formatWei(burnedWei)} burned.
      </li>
      <li>
        If it finds that it does not, your bond comes back with a share of what the seller loses, and the
        payer gets everything back.
      </li>
    </ul>
  )
}
