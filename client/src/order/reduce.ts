import { assertUnreachable } from '../assertUnreachable.ts'
import type { Action } from './action.ts'
import { type Effect, effectKey } from './effect.ts'
import { handleChainRead } from './handlers/handleChainRead.ts'
import { handleCheckpointDamaged } from './handlers/handleCheckpointDamaged.ts'
import { handleCleanedUp } from './handlers/handleCleanedUp.ts'
import { handleEffectGaveUp } from './handlers/handleEffectGaveUp.ts'
import { handleInputsFetched } from './handlers/handleInputsFetched.ts'
import { handleInputsRejected } from './handlers/handleInputsRejected.ts'
import { handleJobStalled } from './handlers/handleJobStalled.ts'
import { handleRentalFetched } from './handlers/handleRentalFetched.ts'
import { handleResultPublished } from './handlers/handleResultPublished.ts'
import { handleRunEnded } from './handlers/handleRunEnded.ts'
import { handleSeedsChanged } from './handlers/handleSeedsChanged.ts'
import { handleSelfTestEnded } from './handlers/handleSelfTestEnded.ts'
import { handleWindowCommitted } from './handlers/handleWindowCommitted.ts'
import { handleWindowMended } from './handlers/handleWindowMended.ts'
import { handleWindowOpened } from './handlers/handleWindowOpened.ts'
import { handleWorkAdvanced } from './handlers/handleWorkAdvanced.ts'
import { pendingEffects } from './pendingEffects.ts'
import type { OrderState } from './state.ts'

/** One step of an order's life: the next state, and the effects that it newly asks for. No side effects. */
export function reduce(state: OrderState, action: Action): [OrderState, Effect[]] {
  const next = handle(state, action)
  const before = new Set(pendingEffects(state).map(effectKey))
  return [next, pendingEffects(next).filter((effect) => !before.has(effectKey(effect)))]
}

function handle(state: OrderState, action: Action): OrderState {
  switch (action.type) {
    case 'ChainRead':
      return handleChainRead(state, action.facts)
    case 'InputsFetched':
      return handleInputsFetched(state, action)
    case 'RentalFetched':
      return handleRentalFetched(state)
    case 'InputsRejected':
      return handleInputsRejected(state, action)
    case 'SelfTestPassed':
    case 'SelfTestDiffered':
    case 'SelfTestFailed':
      return handleSelfTestEnded(state, action)
    case 'RunEnded':
      return handleRunEnded(state, action)
    case 'SeedsChanged':
      return handleSeedsChanged(state, action)
    case 'SeedKnown':
    case 'SeedWritten':
    case 'SegmentHashed':
    case 'WindowSigned':
    case 'EvidencePublished':
      return handleWorkAdvanced(state, action)
    case 'WindowCommitted':
      return handleWindowCommitted(state, action)
    case 'WindowOpened':
    case 'ResultDelivered':
      return handleWindowOpened(state, action)
    case 'CheckpointDamaged':
      return handleCheckpointDamaged(state, action)
    case 'WindowMended':
      return handleWindowMended(state, action)
    case 'JobStalled':
      return handleJobStalled(state, action)
    case 'ResultPublished':
      return handleResultPublished(state, action)
    case 'EffectGaveUp':
      return handleEffectGaveUp(state, action)
    case 'CleanedUp':
      return handleCleanedUp(state)
    default:
      return assertUnreachable(action)
  }
}
