import { formatPercent, formatPlural } from '../format/formatNumber.ts'
import type { Usage } from '../live/OrderFeedStore.ts'
import { formatGib } from '../market/specsText.ts'
import { Absent, Figure } from './Figure.tsx'
import { formatEnergy } from './formatEnergy.ts'

const MIB = 1024 ** 2

/** What the order's GPUs do, draw and drew, as the machine says. Nothing proves it, and nothing is paid by it. */
export const UsageFigures = ({ usage, isOver }: { usage: Usage; isOver: boolean }) => {
  const { gpus, watts, energyJ, utilisation, memoryUsedMiB } = usage
  const memory = memoryUsedMiB === null ? '' : `, ${formatGib(memoryUsedMiB * MIB)} in use`
  return (
    <>
      {!isOver && (
        <>
          <Figure name="GPU" note={`${formatPlural(gpus, 'GPU')}${memory}; as the machine says`}>
            {utilisation === null ? <Absent /> : formatPercent(utilisation)}
          </Figure>
          <Figure name="Power" note="of the GPUs, as the machine says">
            {watts === null ? <Absent /> : `${Math.round(watts).toLocaleString('en')}\u00a0W`}
          </Figure>
        </>
      )}
      <Figure name="Energy so far" note="of the GPUs, as the machine says">
        {energyJ === null ? <Absent /> : formatEnergy(energyJ)}
      </Figure>
    </>
  )
}
