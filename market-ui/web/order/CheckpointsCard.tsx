import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Order, WindowRow } from '../../server/api/schemas.ts'
import { chainQuery } from '../api/queries.ts'
import { Button } from '../components/Button.tsx'
import { Card } from '../components/Card.tsx'
import { Chip } from '../components/Chip.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Hash } from '../components/Hash.tsx'
import { TxHash } from '../components/TxHash.tsx'
import { formatCount, formatPlural } from '../format/formatNumber.ts'
import { saveFile } from '../live/saveFile.ts'
import { FailureBox } from '../wallet/FailureBox.tsx'
import { checkpointStep } from './checkpointStep.ts'
import { useOrderGrant } from './orderGrants.ts'

type Checks = {
  readonly checking: number | undefined
  readonly checked: ReadonlyMap<number, Uint8Array>
  readonly failed: { readonly index: number; readonly error: unknown } | undefined
  readonly check: (window: WindowRow) => Promise<void>
}

/** Each window's last checkpoint: fetched from the seller's machine, hashed here, and handed out if the chain has its hash. */
export const CheckpointsCard = ({ order, className }: { order: Order; className: string }) => {
  const checks = useChecks(order)
  return (
    <Card
      title="Checkpoints"
      flush
      className={className}
      aside={formatPlural(order.windows.length, 'checkpoint')}
    >
      <div className="px-4 py-4 text-muted sm:px-6">
        <p className="max-w-3xl">
          The state after each window. “Check” fetches it from the seller's machine, hashes it in this browser
          and compares it with the hash on chain; only what agrees can be saved. A machine keeps the last ones
          while it trains, and may delete all some time after the settlement.
        </p>
        {checks.failed && (
          <div className="mt-3">
            <FailureBox error={checks.failed.error} />
          </div>
        )}
        <p role="status" className="sr-only">
          {said(order, checks)}
        </p>
      </div>
      {order.windows.length > 0 && (
        <DataTable
          caption="Checkpoints committed on chain, newest first"
          columns={columnsFor(order, checks)}
          rows={[...order.windows].reverse()}
          rowKey={({ index }) => String(index)}
          firstRows={10}
        />
      )}
    </Card>
  )
}

const useChecks = (order: Order): Checks => {
  const { data: chain } = useQuery(chainQuery())
  const grant = useOrderGrant(order.orderId)?.header
  const [checking, setChecking] = useState<number | undefined>()
  const [checked, setChecked] = useState<ReadonlyMap<number, Uint8Array>>(new Map())
  const [failed, setFailed] = useState<Checks['failed']>()
  const check = async (window: WindowRow) => {
    if (chain === undefined || checking !== undefined) return
    setChecking(window.index)
    setFailed(undefined)
    try {
      const { verifyCheckpoint } = await import('./verifyCheckpoint.ts')
      const { bytes } = await verifyCheckpoint(order, window, chain.deployment, grant)
      setChecked((before) => new Map(before).set(window.index, bytes))
    } catch (error) {
      setFailed({ index: window.index, error })
    }
    setChecking(undefined)
  }
  return { checking, checked, failed, check }
}

const said = (order: Order, { checking, checked, failed }: Checks): string => {
  if (checking !== undefined) return `Checking the checkpoint of window ${checking}`
  if (failed) return ''
  const last = [...checked.keys()].at(-1)
  const window = order.windows.find(({ index }) => index === last)
  return window ? `The checkpoint after step ${checkpointStep(order, window)} is the committed one.` : ''
}

const columnsFor = (order: Order, checks: Checks): readonly Column<WindowRow>[] => [
  {
    header: 'After step',
    isRowHeader: true,
    cell: (window) => formatCount(checkpointStep(order, window)),
  },
  {
    header: 'State root on chain',
    cell: ({ lastStateRoot, index }) => (
      <Hash value={lastStateRoot} what={`the state root after window ${index}`} />
    ),
  },
  {
    header: 'Transaction',
    cell: ({ txHash, index }) => <TxHash value={txHash} what={`the transaction of window ${index}`} />,
  },
  { header: 'File', cell: (window) => <FileCell order={order} window={window} checks={checks} /> },
]

type CellProps = { readonly order: Order; readonly window: WindowRow; readonly checks: Checks }

const FileCell = ({ order, window, checks }: CellProps) => {
  const bytes = checks.checked.get(window.index)
  const step = checkpointStep(order, window)
  if (bytes === undefined)
    return (
      <span className="inline-flex flex-wrap items-center gap-2">
        <Button onClick={() => void checks.check(window)} disabled={checks.checking !== undefined}>
          {checks.checking === window.index ? 'Checking' : 'Check'}
          <span className="sr-only"> the checkpoint after step {step}</span>
        </Button>
        {checks.failed?.index === window.index && <Chip tone="warn">not checked</Chip>}
      </span>
    )
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <Chip tone="ok">as committed</Chip>
      <Button onClick={() => saveFile(`order-${order.orderId}-step-${step}.safetensors`, bytes)}>
        Save<span className="sr-only"> the checkpoint after step {step}</span>
      </Button>
    </span>
  )
}
