import { assertUnreachable } from '../../assertUnreachable.ts'
import type { Action } from '../action.ts'
import type { OrderState, Work } from '../state.ts'

type WorkAction = Extract<
  Action,
  {
    type: 'SeedKnown' | 'SeedWritten' | 'SegmentHashed' | 'WindowSigned' | 'EvidencePublished'
  }
>

/** Moves one counter on by one; an action that was expected earlier or later changes nothing. */
export function handleWorkAdvanced(state: OrderState, action: WorkAction): OrderState {
  if (!('work' in state) || state.work === undefined) return state
  const work = advance(state.work, action)
  return work === state.work ? state : { ...state, work }
}

function advance(work: Work, action: WorkAction): Work {
  switch (action.type) {
    case 'SeedKnown':
      return action.window === work.seeds ? { ...work, seeds: work.seeds + 1 } : work
    case 'SeedWritten':
      return action.window === work.seedsWritten ? { ...work, seedsWritten: work.seedsWritten + 1 } : work
    case 'SegmentHashed':
      return action.segment === work.hashed ? { ...work, hashed: work.hashed + 1 } : work
    case 'WindowSigned':
      return action.window === work.signed ? { ...work, signed: work.signed + 1 } : work
    case 'EvidencePublished':
      return action.window === work.published ? { ...work, published: work.published + 1 } : work
    default:
      return assertUnreachable(action)
  }
}
