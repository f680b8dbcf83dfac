import { connect, createProvider } from '@trainyard/contracts/context.ts'
import { ChainUnreachable, WrongChain } from '@trainyard/contracts/errors.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { honest, startRpcProxy } from '../client/rig/startRpcProxy.ts'
import { until } from '../client/rig/until.ts'
import { startAnvil } from '../helpers/anvil.ts'
import { type Devnet, startDevnet } from '../helpers/devnet.ts'

type Proxy = Awaited<ReturnType<typeof startRpcProxy>>
let net: Devnet
let first: Proxy
let second: Proxy
beforeAll(async () => {
  net = await startDevnet()
  first = await startRpcProxy(net.rpcUrl)
  second = await startRpcProxy(net.rpcUrl)
})
afterAll(async () => {
  await Promise.all([first?.stop(), second?.stop()])
  await net?.stop()
})
beforeEach(() => {
  for (const proxy of [first, second]) {
    proxy.become(honest)
    proxy.seen.length = 0
  }
})

const down = async () => 'drop' as const
async function both(...rpcUrl: string[]) {
  const errors: string[] = []
  const { deployment } = net
  const onRpcError = (_address: string, error: Error) => void errors.push(error.message)
  const context = await connect({ rpcUrl, deployment, onRpcError })
  onTestFinished(() => context.runner.provider?.destroy())
  return { context, errors }
}
/** From now on this node tells the head that it has now, for ever. */
async function freezeHead(proxy: Proxy) {
  const frozen = (await net.provider.send('eth_getBlockByNumber', ['latest', false])) as object
  proxy.become(async ({ method, params, id }, forward) => {
    const isHead = method === 'eth_getBlockByNumber' && params[0] === 'latest'
    return { json: isHead ? JSON.stringify({ jsonrpc: '2.0', id, result: frozen }) : await forward() }
  })
}

test('default: the first address is asked, the second only for its head', async () => {
  const { context } = await both(first.url, second.url)
  first.seen.length = second.seen.length = 0
  await readHead(context)
  await context.runner.provider?.getBalance(net.deployment.market)
  expect(first.seen.map(({ method }) => method)).toContain('eth_getBalance')
  expect(second.seen.map(({ method }) => method)).not.toContain('eth_getBalance')
})

test('behavior: an address that does not answer is replaced by the next, and counted', async () => {
  const { context, errors } = await both(first.url, second.url)
  first.become(down)
  await readHead(context)
  expect(errors.length).toBeGreaterThan(0)
  second.become(down)
  await expect(readHead(context)).rejects.toThrow(ChainUnreachable)
  first.become(honest)
  expect((await readHead(context)).blockNumber).toBeGreaterThan(0)
})

test('behavior: a node that lags behind the other is not asked', async () => {
  const { context } = await both(first.url, second.url)
  await freezeHead(first)
  await net.mine(10)
  const { number } = (await net.provider.getBlock('latest'))!
  await until(async () => ((await readHead(context)).blockNumber === number ? true : undefined))
})

test('behavior: a lone node that goes back is not believed at once, but in the end', async () => {
  const { context } = await both(first.url)
  await net.mine(2)
  const { blockNumber } = await readHead(context)
  await net.mine(5)
  await readHead(context)
  const behind = {
    ...((await net.provider.send('eth_getBlockByNumber', [
      `0x${blockNumber.toString(16)}`,
      false,
    ])) as object),
  }
  first.become(async ({ method, params, id }, forward) => {
    const isHead = method === 'eth_getBlockByNumber' && params[0] === 'latest'
    return { json: isHead ? JSON.stringify({ jsonrpc: '2.0', id, result: behind }) : await forward() }
  })
  await expect(readHead(context)).rejects.toThrow(/is not in sync: it is at block/)
  await expect(context.runner.provider?.getBalance(net.deployment.market)).rejects.toThrow(/not in sync/)
  expect((await until(() => readHead(context))).blockNumber).toBe(blockNumber)
})

test('error: an address of another chain is named, also if it is the second', async () => {
  const other = await startAnvil(['--chain-id', '1337'])
  onTestFinished(() => other.stop())
  const connecting = both(first.url, other.rpcUrl)
  await expect(connecting).rejects.toThrow(WrongChain)
  await expect(connecting).rejects.toThrow(`${new URL(other.rpcUrl).host} serves chain 1337`)
})

test('error: a node whose newest block is hours old is not in sync', async () => {
  const old = String(Math.floor(Date.now() / 1000) - 7_200)
  const anvil = await startAnvil(['--chain-id', '1337', '--timestamp', old])
  onTestFinished(() => anvil.stop())
  const genesis = await createProvider(anvil.rpcUrl, 1337).getBlock(0)
  const deployment = { ...net.deployment, chainId: 1337, genesisHash: genesis?.hash ?? '' }
  await expect(connect({ rpcUrl: anvil.rpcUrl, deployment })).rejects.toThrow(
    /not in sync: its newest block is 120 minutes old/,
  )
})

test('error: what is told of an address is its host, not the key in its path', async () => {
  const { context } = await both(`${first.url}/v3/secretkey`)
  first.become(down)
  const error = await readHead(context).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ChainUnreachable)
  expect(JSON.stringify([String(error), String((error as Error).cause)])).not.toContain('secretkey')
})
