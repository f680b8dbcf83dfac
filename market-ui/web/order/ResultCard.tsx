import type { Order } from '../../server/api/schemas.ts'
import { Card } from '../components/Card.tsx'
import { Hash } from '../components/Hash.tsx'
import { formatCount, formatLoss, formatPercent } from '../format/formatNumber.ts'
import { ResultCheck } from './ResultCheck.tsx'

/** The trained model and how good it is. */
export const ResultCard = ({ order }: { order: Order }) => (
  <Card title="Result">
    {order.result === null ? (
      <p className="text-muted">
        {order.endedAt > 0
          ? 'This order ended without a result.'
          : 'The model is here when all steps are done.'}
      </p>
    ) : (
      <dl className="grid grid-cols-1 gap-4">
        {order.audit.failedSegment !== null && (
          <div className="rounded-lg bg-bad-soft p-3 text-bad">
            <dt className="font-semibold">The audit failed</dt>
            <dd>Do not use this model.</dd>
          </div>
        )}
        {order.result.metrics && (
          <div>
            <dt className="text-sm text-muted">Accuracy on held-out data</dt>
            <dd className="mt-0.5 text-xl font-semibold tracking-tight">
              {formatPercent(order.result.metrics.accuracy)}
            </dd>
            <dd className="text-sm text-muted">
              {formatCount(order.result.metrics.correct)} of {formatCount(order.result.metrics.total)} right,
              loss {formatLoss(order.result.metrics.loss)}; as the seller says
            </dd>
          </div>
        )}
        {order.result.modelCid && (
          <div>
            <dt className="text-sm text-muted">Model (safetensors)</dt>
            <dd>
              <Hash value={order.result.modelCid} what="the model's CID" />
            </dd>
          </div>
        )}
        <div>
          <dt className="text-sm text-muted">Result index</dt>
          <dd>
            <Hash value={order.result.cid} what="the result's CID" />
          </dd>
        </div>
        {order.result.modelCid && order.settledAt > 0 && (
          <div>
            <dt className="sr-only">Check and download</dt>
            <dd>
              <ResultCheck order={order} />
            </dd>
          </div>
        )}
      </dl>
    )}
  </Card>
)
