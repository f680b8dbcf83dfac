import { once } from 'node:events'
import { createServer } from 'node:http'
import { readAudit } from '@trainyard/contracts/readAudit.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Devnet, startDevnet } from '../../helpers/devnet.ts'
import { orderThatNeedsTheSeller } from './orderThatNeedsTheSeller.ts'
import { createTestAuditor, type TestAuditor } from './testAuditor.ts'
import { startTestSeller, type TestSeller } from './testSeller.ts'
import { startTestStore, type TestStore } from './testStore.ts'

const TICK_MS = 1_000 // the chain's clock must not outrun the auditor's: its blocks are at least a second apart

vi.setConfig({ testTimeout: 120_000 })

let net: Devnet
let store: TestStore
let seller: TestSeller
let auditor: TestAuditor
let other: TestAuditor
let ticker: NodeJS.Timeout
const asked: string[] = []
const silent = createServer((request) => {
  asked.push(request.url ?? '')
})

beforeAll(async () => {
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  // the devnet's own phases; one of two audits, the other judges
  net = await startDevnet({ panelSize: 1 })
  store = await startTestStore()
  const address = silent.address()
  seller = await startTestSeller(
    net,
    store,
    `http://127.0.0.1:${typeof address === 'object' && address?.port}`,
  )
  auditor = await createTestAuditor(net, store.url)
  other = await createTestAuditor(net, store.url, { alongside: auditor })
  await Promise.all([auditor.start(), other.start()])
  ticker = setInterval(() => void net.mine().catch(() => undefined), TICK_MS)
})
afterAll(async () => {
  clearInterval(ticker)
  await Promise.all([auditor?.dispose(), other?.dispose()])
  await seller?.close()
  await store?.close()
  await net?.stop()
  silent.closeAllConnections()
  silent.close()
})

test('behavior: a seller that takes connections and says nothing is unavailable, in time', async () => {
  const orderId = await orderThatNeedsTheSeller(net, seller)
  const ours = (event: string) => (line: { event?: string; orderId?: string }) =>
    line.event === event && line.orderId === String(orderId)
  const { disputeId } = await auditor.until('challenged', ours('challenged'))
  const verdicts = auditor.lines.filter(ours('audit')).map(({ verdict }) => verdict)
  expect(verdicts).toContain('unavailable')
  await auditor.until('settled', ours('settled'))
  // One question per try, one before the challenge, and none for what follows from the job alone.
  const triesOf = (text: string) => auditor.stderr.filter((line) => line.includes(text)).length + 1
  const tries =
    triesOf(`"orderId":"${orderId}","tries"`) + 1 + triesOf(`"disputeId":"${disputeId}","msg":"no vote`)
  expect(asked.filter((url) => url.startsWith(`/orders/${orderId}/`))).toHaveLength(tries)
  expect(await readAudit(seller.account, orderId)).toMatchObject({ outcome: 'Unavailable' })
  expect(await readOrder(seller.account, orderId)).toMatchObject({ status: 'Failed', closeReason: 10005 })
})
