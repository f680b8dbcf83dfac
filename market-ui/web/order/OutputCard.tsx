import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import { useState } from 'react'
import type { Order } from '../../server/api/schemas.ts'
import { Button } from '../components/Button.tsx'
import { Card } from '../components/Card.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { saveFile } from '../live/saveFile.ts'

const TIMEOUT_MS = 300_000

/** What the program of an order without proof left, as far as the store has it. */
export const OutputCard = ({ order }: { order: Order }) => {
  const files = order.result?.files
  return (
    <Card title="Result" className="lg:col-span-3">
      {!files || files.length === 0 ? (
        <p className="max-w-prose text-muted">{whyEmpty(order)}</p>
      ) : (
        <>
          <p className="mb-3 max-w-prose text-muted">
            What the program left in /job/out/result. Nothing of it is proved; each file is what its seller
            named.
          </p>
          <ul className="grid gap-2">
            {files.map((file) => (
              <OutputFile key={file.path} file={file} />
            ))}
          </ul>
        </>
      )}
    </Card>
  )
}

const whyEmpty = ({ orderId, endedAt, result }: Order): string => {
  if (endedAt === 0) return 'What the program leaves in /job/out/result is here when it has ended.'
  if (result) return 'The program left nothing in /job/out/result.'
  return `The order was ended before its seller named a result. What its machine kept can be had with "trainyard fetch ${orderId}" for a week.`
}

type File = NonNullable<NonNullable<Order['result']>['files']>[number]

const OutputFile = ({ file: { path, bytes, cid } }: { file: File }) => {
  const [state, setState] = useState<'idle' | 'working' | 'failed'>('idle')
  const download = async () => {
    setState('working')
    try {
      const content = await fetchContent({
        cid,
        gateway: location.origin,
        maxBytes: bytes,
        timeoutMs: TIMEOUT_MS,
      })
      saveFile(path.split('/').at(-1) ?? path, content)
      setState('idle')
    } catch {
      setState('failed')
    }
  }
  return (
    <li className="flex flex-wrap items-center gap-3">
      <Button onClick={() => void download()} disabled={state === 'working'}>
        Download {path}
      </Button>
      <span className="text-muted">{formatCount(bytes)} bytes</span>
      {state === 'failed' && (
        <span role="alert" className="text-bad">
          The store does not have it; ask its machine: trainyard fetch.
        </span>
      )}
    </li>
  )
}
