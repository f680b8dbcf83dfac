import { interfaces } from '@trainyard/contracts/pallets.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { Transaction } from 'ethers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type Devnet, startDevnet } from '../../helpers/devnet.ts'
import { type RpcCall, startRpcProxy } from './rpcProxy.ts'
import { createTestAuditor, type TestAuditor } from './testAuditor.ts'
import { startTestSeller, type TestSeller } from './testSeller.ts'
import { startTestStore, type TestStore } from './testStore.ts'

const TICK_MS = 250
const commitSelector = interfaces.proofs.getFunction('commitVerdicts')!.selector
const revealSelector = interfaces.proofs.getFunction('revealVerdicts')!.selector

// A busy machine is slow, which must not look like a fault.
vi.setConfig({ testTimeout: 90_000 })

let net: Devnet
let store: TestStore
let seller: TestSeller
let auditor: TestAuditor
let ticker: NodeJS.Timeout

beforeAll(async () => {
  net = await startDevnet({ commitSeconds: 600, revealSeconds: 600 })
  store = await startTestStore()
  seller = await startTestSeller(net, store)
  ticker = setInterval(() => void net.mine().catch(() => undefined), TICK_MS)
})
afterAll(async () => {
  clearInterval(ticker)
  await seller?.close()
  await store?.close()
  await net?.stop()
})
beforeEach(async () => {
  auditor = await createTestAuditor(net, store.url)
})
afterEach(async () => {
  await auditor.leave()
  await auditor.dispose()
})

/** The pallet call inside eth_estimateGas or eth_sendRawTransaction. */
function selectorIn({ method, params }: RpcCall): { sending: boolean; selector: string } {
  if (method === 'eth_sendRawTransaction') {
    return { sending: true, selector: Transaction.from(String(params[0])).data.slice(0, 10) }
  }
  const data = method === 'eth_estimateGas' ? String((params[0] as { data?: string }).data) : ''
  return { sending: false, selector: data.slice(0, 10) }
}

async function verdictEvents(orderId: bigint) {
  const { blockNumber } = await readHead(seller.account)
  const events = await readEvents(seller.account, net.deployment.deployedBlock, blockNumber)
  return events.filter(
    (event) =>
      (event.name === 'VerdictsCommitted' || event.name === 'VerdictsRevealed') &&
      event.args.orderId === orderId,
  )
}

/** Runs an order under an auditor that is killed once when `when` first holds, and started again without the proxy. */
async function killOnce(when: (call: RpcCall) => 'drop' | 'lose' | undefined) {
  let killed = false
  const proxy = await startRpcProxy(net.rpcUrl, async (call) => {
    const fate = killed ? undefined : when(call)
    if (!fate) return killed ? 'drop' : 'pass'
    killed = true
    if (fate === 'drop') await auditor.kill()
    else setTimeout(() => void auditor.kill(), 0)
    return fate
  })
  await auditor.start(proxy.url)
  const { orderId } = await seller.runOrder()
  await auditor.gone()
  const atDeath = (await verdictEvents(orderId)).map(({ name }) => name)
  await proxy.close()
  await auditor.start()
  await auditor.until('settled', ({ event, orderId: id }) => event === 'settled' && id === String(orderId))
  const names = (await verdictEvents(orderId)).map(({ name }) => name)
  return { atDeath, names, order: await readOrder(seller.account, orderId) }
}

test('behavior: killed between journal and commitment, it commits and reveals once', async () => {
  const { atDeath, names, order } = await killOnce((call) => {
    const { selector } = selectorIn(call)
    return selector === commitSelector ? 'drop' : undefined
  })
  expect(atDeath).toEqual([])
  expect(names).toEqual(['VerdictsCommitted', 'VerdictsRevealed'])
  expect(order.status).toBe('Completed')
})

test('behavior: killed right after sending the commitment, it does not send another', async () => {
  const { atDeath, names, order } = await killOnce((call) => {
    const { sending, selector } = selectorIn(call)
    return sending && selector === commitSelector ? 'lose' : undefined
  })
  expect(atDeath).toEqual(['VerdictsCommitted'])
  expect(names).toEqual(['VerdictsCommitted', 'VerdictsRevealed'])
  expect(order.status).toBe('Completed')
})

test('behavior: killed between commitment and reveal, it reveals what it committed', async () => {
  const { atDeath, names, order } = await killOnce((call) => {
    const { selector } = selectorIn(call)
    return selector === revealSelector ? 'drop' : undefined
  })
  expect(atDeath).toEqual(['VerdictsCommitted'])
  expect(names).toEqual(['VerdictsCommitted', 'VerdictsRevealed'])
  expect(order.status).toBe('Completed')
})

test('behavior: killed right after revealing, it does not reveal again and still publishes', async () => {
  const { atDeath, names, order } = await killOnce((call) => {
    const { sending, selector } = selectorIn(call)
    return sending && selector === revealSelector ? 'lose' : undefined
  })
  expect(atDeath).toEqual(['VerdictsCommitted', 'VerdictsRevealed'])
  await auditor.until('published', ({ event }) => event === 'published')
  expect(names).toEqual(['VerdictsCommitted', 'VerdictsRevealed'])
  expect(order.status).toBe('Completed')
})

test('behavior: a node that goes away for a while changes no verdict', async () => {
  let dropping = false
  let dropped = 0
  const proxy = await startRpcProxy(net.rpcUrl, async () => {
    const fails = dropping && dropped < 12
    if (fails) dropped++
    return fails ? 'drop' : 'pass'
  })
  await auditor.start(proxy.url)
  const { orderId } = await seller.runOrder({
    beforeEnd: () => {
      dropping = true
    },
  })
  await auditor.until('settled', ({ event, orderId: id }) => event === 'settled' && id === String(orderId))
  expect((await readOrder(seller.account, orderId)).status).toBe('Completed')
  expect(dropped).toBe(12)
  await proxy.close()
})

test('behavior: refused as not drawn before the panel is stored, it commits once it is a member', async () => {
  let refused = 0
  const proxy = await startRpcProxy(net.rpcUrl, async (call) => {
    const { sending, selector } = selectorIn(call)
    if (sending || selector !== commitSelector || refused === 2) return 'pass'
    refused++
    const name = refused === 1 ? 'ProofsNotDrawn' : 'ProofsWrongPhase'
    const args = refused === 1 ? [1, auditor.address] : [1]
    return { revert: interfaces.proofs.encodeErrorResult(name, args) }
  })
  await auditor.start(proxy.url)
  const { orderId } = await seller.runOrder()
  await auditor.until('settled', ({ event, orderId: id }) => event === 'settled' && id === String(orderId))
  expect(refused).toBe(2)
  expect((await readOrder(seller.account, orderId)).status).toBe('Completed')
  await proxy.close()
})

test('error: a second auditor on the same data ends with one clear sentence', async () => {
  await auditor.start()
  const second = await auditor.startSecond()
  expect(second).toMatchObject({ code: 2 })
  expect(second.stderr).toMatch(/is in use by another auditor/)
})
