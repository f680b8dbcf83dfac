import type { Order } from '../../server/api/schemas.ts'
import { CheckpointsCard } from './CheckpointsCard.tsx'
import { OutputCard } from './OutputCard.tsx'
import { ResultCard } from './ResultCard.tsx'

/** The model, and the states on the way to it; without proof, what the program left. */
const ResultsTab = ({ order }: { order: Order }) =>
  order.mode === 'None' ? (
    <OutputCard order={order} />
  ) : (
    <div className="grid items-start gap-6 lg:grid-cols-3">
      <ResultCard order={order} />
      <CheckpointsCard order={order} className="lg:col-span-2" />
    </div>
  )
export default ResultsTab
