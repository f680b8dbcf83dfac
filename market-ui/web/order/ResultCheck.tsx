import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Order } from '../../server/api/schemas.ts'
import { chainQuery } from '../api/queries.ts'
import { Button } from '../components/Button.tsx'
import { saveFile } from '../live/saveFile.ts'
import { useOrderGrant } from './orderGrants.ts'
import type { Finding, Verified } from './verifyResult.ts'

const marks: Record<Finding['outcome'], { look: string; word: string; path: string }> = {
  ok: { look: 'text-ok', word: 'Checked', path: 'm3.5 8.5 3 3 6-7' },
  bad: { look: 'text-bad', word: 'Wrong', path: 'm4 4 8 8m0-8-8 8' },
  unknown: { look: 'text-warn', word: 'Not checked', path: 'M8 3.5v5.5M8 12.2v.1' },
}

/** Checks the model in this browser, and hands out only what passed. */
export const ResultCheck = ({ order }: { order: Order }) => {
  const { data: chain } = useQuery(chainQuery())
  const grant = useOrderGrant(order.orderId)?.header
  const [isChecking, setIsChecking] = useState(false)
  const [verified, setVerified] = useState<Verified | undefined>()
  const check = async () => {
    if (chain === undefined) return
    setIsChecking(true)
    const { verifyResult } = await import('./verifyResult.ts')
    setVerified(await verifyResult(order, chain.deployment, grant))
    setIsChecking(false)
  }
  const model = verified?.model
  return (
    <div className="grid grid-cols-1 gap-3">
      <div className="flex flex-wrap gap-3">
        <Button onClick={() => void check()} disabled={isChecking || chain === undefined}>
          {isChecking ? 'Checking' : 'Check the model here'}
        </Button>
        {model && (
          <Button look="main" onClick={() => saveFile(`order-${order.orderId}-model.safetensors`, model)}>
            Download the model
          </Button>
        )}
      </div>
      <div role="status">
        {verified && (
          <ul className="grid grid-cols-1 gap-2 text-sm">
            {verified.findings.map(({ outcome, text }) => (
              <li key={text} className="flex gap-2">
                <svg
                  viewBox="0 0 16 16"
                  className={`mt-0.5 size-4 flex-none ${marks[outcome].look}`}
                  aria-hidden="true"
                >
                  <path
                    d={marks[outcome].path}
                    stroke="currentColor"
                    strokeWidth="2"
                    fill="none"
                    strokeLinecap="round"
                  />
                </svg>
                <span className="min-w-0 [overflow-wrap:anywhere]">
                  <span className={`font-semibold ${marks[outcome].look}`}>{marks[outcome].word}.</span>{' '}
                  {text}
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}
