import type { Order } from '../../server/api/schemas.ts'
import { CheckpointsCard } from './CheckpointsCard.tsx'
import { ResultCard } from './ResultCard.tsx'

/** The model, and the states on the way to it. */
const ResultsTab = ({ order }: { order: Order }) => (
  <div className="grid items-start gap-6 lg:grid-cols-3">
    <ResultCard order={order} />
    <CheckpointsCard order={order} className="lg:col-span-2" />
  </div>
)
export default ResultsTab
