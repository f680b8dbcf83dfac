import { createServer } from 'node:http'
import { connect, createProvider } from '@trainyard/contracts/context.ts'
import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { ChainUnreachable, WrongChain } from '@trainyard/contracts/errors.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Anvil, startAnvil } from '../helpers/anvil.ts'

const zero = `0x${'0'.repeat(40)}`
let anvil: Anvil
let deployment: Deployment

beforeAll(async () => {
  anvil = await startAnvil()
  const genesis = await createProvider(anvil.rpcUrl, 31337).getBlock(0)
  const pallets = {
    token: zero,
    runtime: zero,
    balances: zero,
    machines: zero,
    staking: zero,
    market: zero,
    proofs: zero,
    windows: zero,
    disputes: zero,
    hashrate: zero,
    drilling: zero,
    rewards: zero,
    beacon: zero,
  }
  deployment = { chainId: 31337, genesisHash: genesis?.hash ?? '', deployedBlock: 0, ...pallets }
})
afterAll(() => anvil?.stop())

test('error: another chain, another genesis, no contract', async () => {
  const { rpcUrl } = anvil
  await expect(connect({ rpcUrl, deployment: { ...deployment, chainId: 1 } })).rejects.toThrow(
    /serves chain 31337/,
  )
  const otherGenesis = { ...deployment, genesisHash: `0x${'1'.repeat(64)}` }
  await expect(connect({ rpcUrl, deployment: otherGenesis })).rejects.toThrow(WrongChain)
  await expect(connect({ rpcUrl, deployment })).rejects.toThrow(/no contract at/)
})

test('error: no node, and a node that answers nonsense, are unreachable and retryable', async () => {
  const nowhere = connect({ rpcUrl: 'http://127.0.0.1:1', deployment })
  await expect(nowhere).rejects.toMatchObject({
    name: 'ChainUnreachable',
    retryable: true,
    moneyMoved: false,
  })
  const server = createServer((_, response) => response.end('hello'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const rpcUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  await expect(connect({ rpcUrl, deployment })).rejects.toThrow(ChainUnreachable)
  server.close()
})

test('error: a node that goes away in between', async () => {
  const own = await startAnvil()
  const context = { deployment, runner: createProvider(own.rpcUrl, 31337) }
  expect((await readHead(context)).blockNumber).toBe(0)
  await own.stop()
  await expect(readHead(context)).rejects.toThrow(ChainUnreachable)
})
