import { connect } from '@trainyard/contracts/context.ts'
import { createMemoryOutbox, type Outbox } from '@trainyard/contracts/outbox/outbox.ts'
import { sendCall } from '@trainyard/contracts/send.ts'
import { approveBalances, readToken } from '@trainyard/contracts/token.ts'
import { keccak256, Transaction } from 'ethers'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { honest, startRpcProxy } from '../client/rig/startRpcProxy.ts'
import { type Devnet, startDevnet } from '../helpers/devnet.ts'

let net: Devnet
let proxy: Awaited<ReturnType<typeof startRpcProxy>>
let account: Awaited<ReturnType<Devnet['account']>>
beforeAll(async () => {
  net = await startDevnet()
  proxy = await startRpcProxy(net.rpcUrl)
  account = await net.account(0)
})
afterAll(async () => {
  await proxy?.stop()
  await net?.stop()
})
beforeEach(() => proxy.become(honest))

/** A process that sends, as far as the chain can tell: a connection and the notes of an earlier one. */
async function sender(outbox: Outbox = createMemoryOutbox()) {
  const { deployment } = net
  const context = await connect({ rpcUrl: proxy.url, deployment, signer: account.wallet, outbox })
  onTestFinished(() => context.runner.provider?.destroy())
  return context
}
const used = () => net.provider.getTransactionCount(account.address)
const lastBlock = async () => (await net.provider.getBlock('latest'))!
const allowance = async () => (await readToken(account, account.address)).allowanceWei
/** What a process leaves that dies with its transaction noted and not sent. */
async function diesBeforeSending(amountWei: bigint) {
  const outbox = createMemoryOutbox()
  let raw = ''
  const dying: Outbox = {
    ...outbox,
    save(key, entry) {
      outbox.save(key, entry)
      raw = entry.versions[0]!.raw
      throw new Error('killed')
    },
  }
  await expect(approveBalances(await sender(dying), amountWei)).rejects.toThrow('killed')
  return { outbox, raw }
}
async function withoutMining() {
  await net.provider.send('evm_setAutomine', [false])
  onTestFinished(async () => void (await net.provider.send('evm_setAutomine', [true])))
}

test('behavior: an answer that is lost does not send twice', async () => {
  const before = await used()
  proxy.become(async ({ method }, forward) => {
    const json = await forward()
    return method === 'eth_sendRawTransaction' ? 'drop' : { json }
  })
  await approveBalances(await sender(), 1n)
  expect(await used()).toBe(before + 1)
})

test('behavior: a transaction that never reached the node is sent again', async () => {
  const before = await used()
  let lost = 0
  proxy.become(async ({ method }, forward) => {
    if (method === 'eth_sendRawTransaction' && lost++ < 3) return 'drop'
    return { json: await forward() }
  })
  await approveBalances(await sender(), 2n)
  expect(lost).toBeGreaterThan(3)
  expect(await used()).toBe(before + 1)
})

test('behavior: a stuck transaction gets a higher fee, under the same nonce', async () => {
  const before = await used()
  const other: unknown = await net.provider.send('eth_getTransactionByHash', [
    (await lastBlock()).transactions[0],
  ])
  const raws = new Set<unknown>()
  // The first version is taken, and sits there for ever.
  proxy.become(async ({ method, params, id }, forward) => {
    if (method === 'eth_sendRawTransaction') raws.add(params[0])
    const isHeld = raws.size === 1
    const answer = (result: unknown) => ({ json: JSON.stringify({ jsonrpc: '2.0', id, result }) })
    if (isHeld && method === 'eth_sendRawTransaction') return answer(keccak256(String(params[0])))
    if (isHeld && method === 'eth_getTransactionByHash') return answer(other)
    return { json: await forward() }
  })
  const ticking = setInterval(() => void net.mine().catch(() => undefined), 250)
  const { hash } = await approveBalances(await sender(), 3n).finally(() => clearInterval(ticking))
  const [low, high] = [...raws].map((raw) => Transaction.from(String(raw)))
  expect(high).toMatchObject({ hash, nonce: before, data: low?.data })
  expect(high!.maxFeePerGas!).toBeGreaterThanOrEqual((low!.maxFeePerGas! * 110n) / 100n)
  expect(await used()).toBe(before + 1)
})

test('behavior: noted but never sent: the next process sends the very same', async () => {
  const before = await used()
  const { outbox, raw } = await diesBeforeSending(4n)
  const { hash } = await approveBalances(await sender(outbox), 4n)
  expect(hash).toBe(keccak256(raw))
  expect(await used()).toBe(before + 1)
})

test('behavior: sent but not included: the next process waits for it', async () => {
  const before = await used()
  const { outbox, raw } = await diesBeforeSending(5n)
  await withoutMining()
  await net.provider.broadcastTransaction(raw)
  // Mined before it has looked, the call would be a new one.
  const handedIn = new Promise<void>((resolve) => {
    proxy.become(async ({ method, params }, forward) => {
      const json = await forward()
      if (method === 'eth_sendRawTransaction' && params[0] === raw) resolve()
      return { json }
    })
  })
  const sending = approveBalances(await sender(outbox), 5n)
  await handedIn
  await net.mine()
  expect((await sending).hash).toBe(keccak256(raw))
  await net.mine()
  expect(await used()).toBe(before + 1)
})

test('behavior: another call waits for the one that is on its way', async () => {
  const before = await used()
  const { outbox, raw } = await diesBeforeSending(5n)
  await withoutMining()
  await net.provider.broadcastTransaction(raw)
  const second = approveBalances(await sender(outbox), 6n)
  const ticking = setInterval(() => void net.mine().catch(() => undefined), 200)
  await second.finally(() => clearInterval(ticking))
  expect(await net.provider.getTransactionReceipt(keccak256(raw))).not.toBeNull()
  expect(await allowance()).toBe(6n)
  expect(await used()).toBe(before + 2)
})

test('behavior: a nonce that somebody else used meanwhile', async () => {
  const before = await used()
  let stolen = false
  proxy.become(async ({ method }, forward) => {
    if (method === 'eth_sendRawTransaction' && !stolen) {
      stolen = true
      await account.wallet.connect(net.provider).sendTransaction({ to: account.address, nonce: before })
    }
    return { json: await forward() }
  })
  await approveBalances(await sender(), 7n)
  expect(await allowance()).toBe(7n)
  expect(await used()).toBe(before + 2)
})

test('behavior: a gap that a lying node caused is filled with nothing', async () => {
  const before = await used()
  let lies = 2 // latest and pending
  proxy.become(async ({ method, id }, forward) => {
    if (method !== 'eth_getTransactionCount' || lies-- <= 0) return { json: await forward() }
    return { json: JSON.stringify({ jsonrpc: '2.0', id, result: `0x${(before + 1).toString(16)}` }) }
  })
  const { hash } = await approveBalances(await sender(), 8n)
  expect((await net.provider.getTransaction(hash))?.nonce).toBe(before + 1)
  expect(await used()).toBe(before + 2)
  expect(await allowance()).toBe(8n)
})

test('behavior: a reorg frees the nonce: the same call or another one takes it, once', async () => {
  const outbox = createMemoryOutbox()
  const context = await sender(outbox)
  for (const amount of [9n, 10n]) {
    const before = await used()
    await approveBalances(context, 9n)
    await net.provider.send('anvil_reorg', [1, []])
    expect(await used()).toBe(before)
    const { hash } = await approveBalances(context, amount)
    expect((await net.provider.getTransaction(hash))?.nonce).toBe(before)
    expect(await allowance()).toBe(amount)
    expect(await used()).toBe(before + 1)
  }
})

test('behavior: a call that makes sense once is not sent again to a node that has not heard of it', async () => {
  const context = await sender()
  const before = await used()
  const { market } = net.deployment
  const settle = () => sendCall(context, { to: market, data: '0x' }, 'market.expireOrder')
  await net.provider.send('anvil_setCode', [market, '0x00']) // takes anything
  const first = await settle()
  expect(await settle()).toEqual(first)
  await net.provider.send('anvil_reorg', [1, []])
  await settle()
  expect(await used()).toBe(before + 1)
})

test('behavior: a wallet behind JSON-RPC signs and numbers by itself', async () => {
  const runner = await net.provider.getSigner(3)
  const { hash } = await approveBalances({ deployment: net.deployment, runner }, 12n)
  expect((await net.provider.getTransaction(hash))?.from).toBe(runner.address)
  expect((await readToken(account, runner.address)).allowanceWei).toBe(12n)
})

test('error: what the chain refuses is not sent', async () => {
  const before = await used()
  await net.provider.send('anvil_setBalance', [account.address, '0x0'])
  const sending = approveBalances(await sender(), 11n)
  await expect(sending).rejects.toMatchObject({ errorName: 'InsufficientFunds', moneyMoved: false })
  expect(await used()).toBe(before)
})

test('error: a signature that the node calls foreign is refused at once, not waited for', async () => {
  await net.provider.send('anvil_setBalance', [account.address, '0xde0b6b3a7640000'])
  const before = await used()
  proxy.become(async ({ method, id }, forward) => {
    if (method !== 'eth_sendRawTransaction') return { json: await forward() }
    return {
      json: JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32000, message: 'invalid sender' } }),
    }
  })
  const sending = approveBalances(await sender(), 12n)
  await expect(sending).rejects.toMatchObject({ errorName: 'SignatureRefused', moneyMoved: false })
  expect(await used()).toBe(before)
})
