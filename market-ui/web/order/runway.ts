import type { Order } from '../../server/api/schemas.ts'

type Running = Pick<
  Order,
  | 'mode'
  | 'pricePerHourWei'
  | 'stepMicros'
  | 'startedAt'
  | 'endedAt'
  | 'committedSteps'
  | 'maxSeconds'
  | 'steps'
>

const elapsedSeconds = ({ startedAt, endedAt }: Running, nowSeconds: number): number =>
  startedAt === 0 ? 0 : Math.max(0, (endedAt > 0 ? endedAt : nowSeconds) - startedAt)

/**
 * What would be paid if it ended now and all that is committed held, wei: the price of the shorter of the time that
 * passed and the agreed time of the committed steps (PayLib.earnedDown in the contracts); without proof of the former.
 */
export const costSoFarWei = (order: Running, nowSeconds: number): bigint => {
  const elapsedMicros = BigInt(Math.floor(elapsedSeconds(order, nowSeconds))) * 1_000_000n
  const provedMicros = BigInt(order.committedSteps) * BigInt(order.stepMicros)
  const isByTime = order.mode === 'None' || elapsedMicros < provedMicros
  const micros = isByTime ? elapsedMicros : provedMicros
  return (BigInt(order.pricePerHourWei) * micros) / 3_600_000_000n
}

export type Runway = {
  /** Until the paid time is over. */
  readonly leftSeconds: number
  /** For the steps that are missing, at the mean speed so far; undefined before the first step. */
  readonly neededSeconds: number | undefined
  readonly stepsPerSecond: number | undefined
  /** The paid time ends before the steps do, if the speed stays. */
  readonly isShort: boolean
}

/** Whether the paid time suffices. `trainedSteps` as the machine says. */
export const runwayOf = (order: Running, trainedSteps: number, nowSeconds: number): Runway => {
  const elapsed = elapsedSeconds(order, nowSeconds)
  const leftSeconds = Math.max(0, order.maxSeconds - elapsed)
  const stepsPerSecond = trainedSteps > 0 && elapsed > 0 ? trainedSteps / elapsed : undefined
  const neededSeconds = stepsPerSecond && Math.max(0, order.steps - trainedSteps) / stepsPerSecond
  return {
    leftSeconds,
    stepsPerSecond,
    neededSeconds,
    isShort: neededSeconds !== undefined && neededSeconds > leftSeconds,
  }
}
