import { once } from 'node:events'
import { createServer } from 'node:http'
import { readAudit } from '@trainyard/contracts/readAudit.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Devnet, startDevnet } from '../../helpers/devnet.ts'
import { orderThatNeedsTheSeller } from './orderThatNeedsTheSeller.ts'
import { createTestAuditor, type TestAuditor } from './testAuditor.ts'
import { startTestSeller, type TestSeller } from './testSeller.ts'
import { startTestStore, type TestStore } from './testStore.ts'

const TICK_MS = 1_000 // the chain's clock must not outrun the auditor's: its blocks are at least a second apart
const COMMIT_SECONDS = 40

vi.setConfig({ testTimeout: 180_000 })

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
  // one of two audits, the other judges
  net = await startDevnet({ panelSize: 1, commitSeconds: COMMIT_SECONDS })
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
  // Both panels have to be heard before anybody challenges it.
  await auditor.until('revealed', ours('revealed'))
  const { deadlineAt } = await readAudit(seller.account, orderId)
  await net.advance(deadlineAt - (await readHead(seller.account)).timestamp)
  await auditor.until('redrawn', ours('redrawn'))
  await auditor.until('challenged', ours('challenged'))
  const verdicts = auditor.lines.filter(ours('audit')).map(({ verdict }) => verdict)
  expect(verdicts).toContain('unavailable')
  await auditor.until('settled', ours('settled'))
  // One question per try, one before the challenge, and none for what follows from the job alone. The last tries say nothing: one
  // of the first panel, two of the larger one. Jurors go by what that said.
  const inVain = auditor.stderr.filter((line) => line.includes(`"orderId":"${orderId}","tries"`)).length
  const tries = inVain + 3 + 1
  expect(asked.filter((url) => url.startsWith(`/orders/${orderId}/`))).toHaveLength(tries)
  expect(await readAudit(seller.account, orderId)).toMatchObject({ outcome: 'Unavailable' })
  expect(await readOrder(seller.account, orderId)).toMatchObject({ status: 'Failed', closeReason: 10005 })
})
