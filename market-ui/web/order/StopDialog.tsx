import type { Order } from '../../server/api/schemas.ts'
import { Button } from '../components/Button.tsx'
import { Dialog } from '../components/Dialog.tsx'
import { useNow } from '../live/useNow.ts'
import { ActionStatus } from '../wallet/ActionStatus.tsx'
import { useAction } from '../wallet/useAction.ts'
import { stopOrder } from './orderActions.ts'
import { stopConsequences } from './stopConsequences.ts'

/** What stopping means, then the stopping. */
const StopDialog = ({ order, onClose }: { order: Order; onClose: () => void }) => {
  const action = useAction()
  const now = useNow()
  const stop = () =>
    action.run((tell, wallet, deployment) => stopOrder({ wallet, deployment, tell }, order.orderId))
  const isDone = action.state.phase === 'done'
  const isOpen = order.status === 'Preparing' || order.status === 'Training'
  return (
    <Dialog title={`Stop order #${order.orderId}?`} onClose={onClose}>
      {!isDone && isOpen && (
        <ul className="mb-4 grid list-disc gap-2 pl-5">
          {stopConsequences(order, now).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {!isDone && !isOpen && <p className="mb-4">It has ended meanwhile: there is nothing to stop.</p>}
      <ActionStatus state={action.state} done="The order is stopped." />
      <div className="mt-4 flex flex-wrap gap-3">
        {!isDone && isOpen && (
          <Button look="danger" onClick={() => void stop()} disabled={action.state.phase === 'working'}>
            Stop the order
          </Button>
        )}
        <Button onClick={onClose}>{isDone || !isOpen ? 'Close' : 'Keep it running'}</Button>
      </div>
    </Dialog>
  )
}
export default StopDialog
