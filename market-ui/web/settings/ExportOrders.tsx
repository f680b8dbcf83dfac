import { useState } from 'react'
import type { OrderSummary, Orders } from '../../server/api/schemas.ts'
import { fetchJson } from '../api/fetchJson.ts'
import { Button } from '../components/Button.tsx'
import { saveFile } from '../live/saveFile.ts'
import { ordersApi } from '../url.ts'
import { FailureBox } from '../wallet/FailureBox.tsx'
import { ordersCsv } from './ordersCsv.ts'

const PAGE = 200
const MAX_PAGES = 50
const TIMEOUT_MS = 30_000

/** All orders that an account placed or pays for, or sold, as a table for a spreadsheet. */
export const ExportOrders = ({ account }: { account: string }) => {
  const [isWorking, setIsWorking] = useState(false)
  const [error, setError] = useState<unknown>()
  const save = async () => {
    setIsWorking(true)
    setError(undefined)
    try {
      const [bought, sold] = [await readAll({ account }), await readAll({ seller: account })]
      saveFile(`trainyard-orders-${account.slice(0, 8)}.csv`, ordersCsv(account, [...bought, ...sold]))
    } catch (thrown) {
      setError(thrown)
    }
    setIsWorking(false)
  }
  return (
    <div className="grid gap-3">
      <div>
        <Button onClick={() => void save()} disabled={isWorking}>
          Export my orders (CSV)
        </Button>
      </div>
      {error !== undefined && <FailureBox error={error} />}
    </div>
  )
}

const readAll = async (whose: { account?: string; seller?: string }): Promise<OrderSummary[]> => {
  const all: OrderSummary[] = []
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const before = all.at(-1)?.orderId
    const url = `${ordersApi({ ...whose, limit: PAGE })}${before === undefined ? '' : `&before=${before}`}`
    const { orders } = await fetchJson<Orders>(url, AbortSignal.timeout(TIMEOUT_MS))
    all.push(...orders)
    if (orders.length < PAGE) break
  }
  return all
}
