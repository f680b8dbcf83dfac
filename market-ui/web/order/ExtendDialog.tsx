import { skipToken, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Order } from '../../server/api/schemas.ts'
import { chainQuery } from '../api/queries.ts'
import { Button } from '../components/Button.tsx'
import { Dev } from '../components/Dev.tsx'
import { Dialog } from '../components/Dialog.tsx'
import { Field } from '../components/Field.tsx'
import { formatSeconds } from '../format/formatTime.ts'
import { ActionStatus } from '../wallet/ActionStatus.tsx'
import { useAction } from '../wallet/useAction.ts'
import { extendOrder, readLongest } from './orderActions.ts'
import { addedEscrowWei } from './renewal.ts'

/** How much longer, what it costs, and the extending. */
const ExtendDialog = ({ order, onClose }: { order: Order; onClose: () => void }) => {
  const [minutes, setMinutes] = useState('10')
  const action = useAction()
  const { data: chain } = useQuery(chainQuery())
  const { data: longest } = useQuery({
    queryKey: ['longest', order.orderId],
    queryFn: chain ? () => readLongest(chain.deployment, order.orderId) : skipToken,
  })
  const extraSeconds = Math.round(Number(minutes) * 60)
  const problem = problemOf(extraSeconds, order.maxSeconds, longest)
  const addedWei = problem === undefined ? addedEscrowWei(order, extraSeconds) : undefined
  const extend = () =>
    addedWei !== undefined &&
    action.run((tell, wallet, deployment) =>
      extendOrder({ wallet, deployment, tell }, { orderId: order.orderId, extraSeconds, addedWei }),
    )
  const isDone = action.state.phase === 'done'
  return (
    <Dialog title={`Extend order #${order.orderId}`} onClose={onClose}>
      {!isDone && (
        <>
          <Field
            label="Minutes to add"
            inputMode="decimal"
            value={minutes}
            onChange={setMinutes}
            problem={problem}
            hint={
              longest !== undefined &&
              `The offer allows ${formatSeconds(longest)} in all; now it is ${formatSeconds(order.maxSeconds)}.`
            }
          />
          <ul className="my-4 grid list-disc gap-2 pl-5">
            {addedWei !== undefined && (
              <li>
                <Dev wei={String(addedWei)} /> more are held; you pay only for time that is used and proved,
                the rest comes back at the settlement.
              </li>
            )}
            <li>
              The price per hour stays, and the audit fee does too. The seller's stake is raised with it.
            </li>
            <li>The number of steps stays: extending helps if the machine needs longer for them.</li>
          </ul>
        </>
      )}
      <ActionStatus state={action.state} done={`It may now take ${formatSeconds(order.maxSeconds)}.`} />
      <div className="mt-4 flex flex-wrap gap-3">
        {!isDone && (
          <Button
            look="main"
            onClick={() => void extend()}
            disabled={action.state.phase === 'working' || problem !== undefined}
          >
            Sign and extend
          </Button>
        )}
        <Button onClick={onClose}>{isDone ? 'Close' : 'Leave it as it is'}</Button>
      </div>
    </Dialog>
  )
}
export default ExtendDialog

const problemOf = (extraSeconds: number, now: number, longest: number | undefined): string | undefined => {
  if (!(extraSeconds >= 1)) return 'a time in minutes is needed'
  if (longest !== undefined && now + extraSeconds > longest)
    return `at most ${formatSeconds(Math.max(0, longest - now))} more`
  return undefined
}
