import type { OrderContext } from '../engine/context.ts'
import { describeState } from '../engine/describeState.ts'

/** An order as the API tells it: where it stands, not what its bits are. */
export function describeOrder(order: OrderContext) {
  const state = order.state()
  const { phase, message } = describeState(state)
  const last = order.events.last('progress')
  const progress = last ? (JSON.parse(last.data) as { step: number; loss: number }) : undefined
  return {
    orderId: order.orderId,
    machineId: String(order.machineId),
    phase,
    step: progress?.step ?? 0,
    steps: 'plan' in state && state.plan ? state.plan.steps : 0,
    loss: progress?.loss ?? null,
    windowsCommitted: 'work' in state && state.work ? state.work.committed : 0,
    driver: order.driver.name,
    message,
  }
}
