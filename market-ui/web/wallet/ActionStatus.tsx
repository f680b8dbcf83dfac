import { TxHash } from '../components/TxHash.tsx'
import { FailureBox } from './FailureBox.tsx'
import type { ActionState } from './useAction.ts'

/** Where something that the wallet signs stands. Said aloud as it changes. */
export const ActionStatus = ({ state, done }: { state: ActionState; done: string }) => (
  <>
    <p role="status" className={state.phase === 'working' || state.phase === 'done' ? '' : 'sr-only'}>
      {state.phase === 'working' && (
        <span className="inline-flex flex-wrap items-center gap-x-2">
          <span className="spinner" aria-hidden="true" />
          {state.step}
          {state.txHash && <TxHash value={state.txHash} what="the transaction" />}
        </span>
      )}
      {state.phase === 'done' && <span className="font-medium text-ok">{done}</span>}
    </p>
    {state.phase === 'failed' && <FailureBox error={state.error} />}
  </>
)
