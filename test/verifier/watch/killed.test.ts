import { interfaces } from '@trainyard/contracts/pallets.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { Transaction } from 'ethers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { until } from '../../client/rig/until.ts'
import { type Devnet, startDevnet } from '../../helpers/devnet.ts'
import { type RpcCall, startRpcProxy } from './rpcProxy.ts'
import { createTestAuditor, type TestAuditor } from './testAuditor.ts'
import { startTestSeller, type TestSeller } from './testSeller.ts'
import { startTestStore, type TestStore } from './testStore.ts'

const TICK_MS = 250
const commitSelector = interfaces.proofs.getFunction('commitVerdicts')!.selector
const revealSelector = interfaces.proofs.getFunction('revealVerdicts')!.selector
const submitSelector = interfaces.proofs.getFunction('submitVerdicts')!.selector

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
      event.args.orderId === orderId &&
      event.args.auditor === auditor.address,
  )
}

/** Runs an order under an auditor that is killed once when `when` first holds, and started again without the proxy. */
async function killOnce(when: (call: RpcCall) => 'drop' | 'lose' | undefined, last?: 'published') {
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
  await until(async () => ((await readOrder(seller.account, orderId)).settledAt === 0 ? undefined : true))
  if (last) await auditor.until(last, ({ event, orderId: id }) => event === last && id === String(orderId))
  const names = (await verdictEvents(orderId)).map(({ name }) => name)
  return { atDeath, names, order: await readOrder(seller.account, orderId) }
}

/** Another member of the panel: both commit before they reveal. */
async function withCompanion<T>(run: () => Promise<T>): Promise<T> {
  const companion = await createTestAuditor(net, store.url)
  await companion.start()
  try {
    return await run()
  } finally {
    await companion.leave()
    await companion.dispose()
  }
}

test('behavior: alone and killed before it hands its verdicts in, it hands them in once', async () => {
  const { atDeath, names, order } = await killOnce((call) =>
    selectorIn(call).selector === submitSelector ? 'drop' : undefined,
  )
  expect(atDeath).toEqual([])
  expect(names).toEqual(['VerdictsRevealed'])
  expect(order.status).toBe('Completed')
})

test('behavior: alone and killed right after handing in, it still publishes its report', async () => {
  const { atDeath, names, order } = await killOnce((call) => {
    const { sending, selector } = selectorIn(call)
    return sending && selector === submitSelector ? 'lose' : undefined
  }, 'published')
  expect(atDeath).toEqual(['VerdictsRevealed'])
  expect(names).toEqual(['VerdictsRevealed'])
  expect(order.status).toBe('Completed')
})

test('behavior: killed between journal and commitment, it commits and reveals once', async () => {
  const { atDeath, names, order } = await withCompanion(() =>
    killOnce((call) => (selectorIn(call).selector === commitSelector ? 'drop' : undefined)),
  )
  expect(atDeath).toEqual([])
  expect(names).toEqual(['VerdictsCommitted', 'VerdictsRevealed'])
  expect(order.status).toBe('Completed')
})

test('behavior: killed right after sending the commitment, it does not send another', async () => {
  const { atDeath, names, order } = await withCompanion(() =>
    killOnce((call) => {
      const { sending, selector } = selectorIn(call)
      return sending && selector === commitSelector ? 'lose' : undefined
    }),
  )
  expect(atDeath).toEqual(['VerdictsCommitted'])
  expect(names).toEqual(['VerdictsCommitted', 'VerdictsRevealed'])
  expect(order.status).toBe('Completed')
})

test('behavior: killed between commitment and reveal, it reveals what it committed', async () => {
  const { atDeath, names, order } = await withCompanion(() =>
    killOnce((call) => (selectorIn(call).selector === revealSelector ? 'drop' : undefined)),
  )
  expect(atDeath).toEqual(['VerdictsCommitted'])
  expect(names).toEqual(['VerdictsCommitted', 'VerdictsRevealed'])
  expect(order.status).toBe('Completed')
})

test('behavior: killed right after revealing, it does not reveal again and still publishes', async () => {
  const { atDeath, names, order } = await withCompanion(() =>
    killOnce((call) => {
      const { sending, selector } = selectorIn(call)
      return sending && selector === revealSelector ? 'lose' : undefined
    }, 'published'),
  )
  expect(atDeath).toEqual(['VerdictsCommitted', 'VerdictsRevealed'])
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

test('behavior: refused while the panel is another one, it hands in once it is the panel', async () => {
  let refused = 0
  const proxy = await startRpcProxy(net.rpcUrl, async (call) => {
    const { sending, selector } = selectorIn(call)
    if (sending || selector !== submitSelector || refused === 2) return 'pass'
    refused++
    const name = refused === 1 ? 'ProofsNotWholePanel' : 'ProofsWrongPhase'
    const args = refused === 1 ? [1, 1, 2] : [1]
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
