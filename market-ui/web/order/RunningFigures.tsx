import type { Order } from '../../server/api/schemas.ts'
import { Dev } from '../components/Dev.tsx'
import { formatSpeed } from '../format/formatNumber.ts'
import { formatSeconds } from '../format/formatTime.ts'
import { useNow } from '../live/useNow.ts'
import { Absent, Figure } from './Figure.tsx'
import { costSoFarWei, runwayOf } from './runway.ts'

/** What changes with every second while it trains: time, speed, cost, and whether the paid time suffices. */
export const RunningFigures = ({ order, trainedSteps }: { order: Order; trainedSteps: number }) => {
  const now = useNow()
  if (order.startedAt === 0)
    return (
      <Figure name="Time" note="not started">
        <Absent />
      </Figure>
    )
  const until = order.endedAt > 0 ? order.endedAt : now
  const { stepsPerSecond } = runwayOf(order, trainedSteps, now)
  return (
    <>
      <Figure name="Time" note={`of at most ${formatSeconds(order.maxSeconds)}`}>
        {formatSeconds(until - order.startedAt)}
      </Figure>
      <Figure name="Speed" note="steps a second, mean">
        {stepsPerSecond === undefined ? <Absent /> : formatSpeed(stepsPerSecond)}
      </Figure>
      {order.settledAt === 0 && (
        <Figure
          name="Cost so far"
          note={order.mode === 'None' ? 'by time' : 'if all that is committed holds'}
        >
          <Dev wei={String(costSoFarWei(order, now))} />
        </Figure>
      )}
      {order.status === 'Training' && order.mode !== 'None' && (
        <RunwayFigure order={order} trainedSteps={trainedSteps} now={now} />
      )}
    </>
  )
}

type RunwayProps = { readonly order: Order; readonly trainedSteps: number; readonly now: number }

const RunwayFigure = ({ order, trainedSteps, now }: RunwayProps) => {
  const { leftSeconds, neededSeconds, isShort } = runwayOf(order, trainedSteps, now)
  const needed = neededSeconds === undefined ? 'not known yet' : `about ${formatSeconds(neededSeconds)}`
  return (
    <Figure
      name="Runway"
      note={
        isShort ? (
          <strong className="font-semibold text-warn">
            too short: {needed} needed. Extend it, or the rest is not trained.
          </strong>
        ) : (
          `paid time left; needed: ${needed}`
        )
      }
    >
      {formatSeconds(leftSeconds)}
    </Figure>
  )
}
