import { devnetParameters } from '@trainyard/contracts/deploy/devnetParameters.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { hasSeat } from '@trainyard/contracts/hasSeat.ts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Devnet, startDevnet } from '../../helpers/devnet.ts'
import { createTestAuditor, type TestAuditor } from './testAuditor.ts'
import { startTestSeller, type TestSeller } from './testSeller.ts'
import { startTestStore, type TestStore } from './testStore.ts'

const TICK_MS = 250
const PHASE_SECONDS = 600
vi.setConfig({ testTimeout: 90_000 })

let net: Devnet
let store: TestStore
let seller: TestSeller
let auditor: TestAuditor
let ticker: NodeJS.Timeout

beforeAll(async () => {
  net = await startDevnet({ panelSize: 1, commitSeconds: PHASE_SECONDS, revealSeconds: PHASE_SECONDS })
  store = await startTestStore()
  seller = await startTestSeller(net, store)
  auditor = await createTestAuditor(net, store.url, { tokensWei: devnetParameters.seatStakeWei })
  await auditor.start()
  ticker = setInterval(() => void net.mine().catch(() => undefined), TICK_MS)
})
afterAll(async () => {
  clearInterval(ticker)
  await auditor?.dispose()
  await seller?.close()
  await store?.close()
  await net?.stop()
})

test('behavior: an auditor without the bond for a challenge says what it found in time, and keeps its seat', async () => {
  const { orderId } = await seller.runOrder({
    evidence: (signed) => ({ ...signed, leaves: [...signed.leaves].reverse() }),
  })
  const ours = (event: string) => (line: { event?: string; orderId?: string }) =>
    line.event === event && line.orderId === String(orderId)
  await auditor.until('audit', ours('audit'))
  await auditor.untilStderr('the challenge was refused')
  expect(auditor.lines.some(ours('committed'))).toBe(false)
  await net.advance(0.7 * PHASE_SECONDS)
  await auditor.until('committed', ours('committed'))
  await auditor.until('revealed', ours('revealed'))
  expect(await hasSeat(seller.account, hardwareClassOf('canonical'), auditor.address)).toBe(true)
})
