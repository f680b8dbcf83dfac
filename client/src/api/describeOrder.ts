import type { OrderContext } from '../engine/context.ts'
import { describeState } from '../engine/describeState.ts'

/** An order as the API tells it: where it stands, not what its bits are. */
export async function describeOrder(order: OrderContext) {
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
    ...(await pairOf(order)),
    driver: order.driver.name,
    message,
  }
}

/** Of a refereed order: the other one, and how many of its windows are opened. */
async function pairOf(order: OrderContext) {
  const state = order.state()
  const opened = 'work' in state ? state.work?.opened : undefined
  if (opened === undefined) return {}
  const twin = await order.twin().catch(() => undefined) // the node may be away
  return { ...(twin === undefined ? {} : { twin: String(twin) }), windowsOpened: opened }
}
