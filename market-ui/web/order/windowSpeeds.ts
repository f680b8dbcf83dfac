import type { Order } from '../../server/api/schemas.ts'
import { checkpointStep } from './checkpointStep.ts'

export type WindowSpeed = { readonly index: number; readonly stepsPerSecond: number }

/**
 * Steps a second from one window's commitment to the next, by the chain's clock, which counts whole seconds. Windows
 * that share a second are told as one.
 */
export const windowSpeeds = (
  order: Pick<Order, 'startedAt' | 'stepsPerSegment' | 'steps' | 'windows'>,
): WindowSpeed[] => {
  const speeds: WindowSpeed[] = []
  let from = { step: 0, at: order.startedAt }
  for (const window of order.windows) {
    const step = checkpointStep(order, window)
    if (window.at === null || from.at === 0 || window.at <= from.at) continue
    speeds.push({ index: window.index, stepsPerSecond: (step - from.step) / (window.at - from.at) })
    from = { step, at: window.at }
  }
  return speeds
}
