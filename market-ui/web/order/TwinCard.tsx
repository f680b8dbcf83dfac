import type { Order } from '../../server/api/schemas.ts'
import { Card } from '../components/Card.tsx'
import { Chip, type Tone } from '../components/Chip.tsx'
import { Hash } from '../components/Hash.tsx'
import { Link } from '../components/Link.tsx'
import { orderUrl } from '../url.ts'
import { twinWords } from './twinWords.ts'

/** Of a refereed order: the other one, and how far both came to the same. */
export const TwinCard = ({ order }: { order: Order }) => {
  const { twin } = order
  if (twin === null) return null
  const { tone, word, text } = twinWords(order, twin)
  const tones: Record<typeof tone, Tone> = { same: 'ok', waiting: 'busy', other: 'bad' }
  return (
    <Card title="The other seller" aside={<Chip tone={tones[tone]}>{word}</Chip>}>
      <p className="max-w-3xl text-pretty">
        Refereed with <Link href={orderUrl(twin.orderId, 'proofs')}>order #{twin.orderId}</Link>
        {` (${twin.status.toLowerCase()}): ${text}`}
      </p>
      <p className="mt-2 flex flex-wrap items-baseline gap-x-2 text-muted">
        Its seller is <Hash value={twin.seller} what="the other seller's address" />
      </p>
    </Card>
  )
}
