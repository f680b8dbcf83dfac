import type { OrderSummary } from '../../server/api/schemas.ts'
import { Chip, type Tone } from '../components/Chip.tsx'

const tones: Record<OrderSummary['status'], Tone> = {
  None: 'neutral',
  Preparing: 'busy',
  Training: 'busy',
  Auditing: 'busy',
  Disputed: 'warn',
  Completed: 'ok',
  Failed: 'bad',
  Cancelled: 'neutral',
  Expired: 'warn',
  Unaudited: 'warn',
}

/** Where an order stands, in the chain's own word. */
export const StatusChip = ({ status }: { status: OrderSummary['status'] }) => (
  <Chip tone={tones[status]}>{status}</Chip>
)
