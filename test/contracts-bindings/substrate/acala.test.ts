import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addMachine } from '@trainyard/contracts/addMachine.ts'
import { broadcast } from '@trainyard/contracts/broadcast.ts'
import { connect } from '@trainyard/contracts/context.ts'
import { WrongChain } from '@trainyard/contracts/errors.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { interfaces } from '@trainyard/contracts/pallets.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readMachineCount } from '@trainyard/contracts/readMachineCount.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import type { SubstrateSigner } from '@trainyard/contracts/substrate/SubstrateSigner.ts'
import { approveBalances, readToken } from '@trainyard/contracts/token.ts'
import { withdraw } from '@trainyard/contracts/withdraw.ts'
import { buildWeb } from '@trainyard/market-ui/buildWeb.ts'
import { id, parseEther } from 'ethers'
import type { Browser } from 'playwright-core'
import { stringify } from 'smol-toml'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type ClientProcess, startClient } from '../../client/rig/startClient.ts'
import { tinyJob } from '../../client/rig/tinyJob.ts'
import { until } from '../../client/rig/until.ts'
import { browserTest, hasChromium, launchChromium } from '../../market-ui/chromium.ts'
import { getHealth, getMachines, getOrder } from '../../market-ui/getJson.ts'
import { startTestServer, type TestServer } from '../../market-ui/startTestServer.ts'
import { waitFor } from '../../market-ui/waitFor.ts'
import { type AccountFiles, accountOf } from './acalaAccounts.ts'
import { buyFromPage, defaultAddressOf, missingExtension, sellFromPage } from './acalaPages.ts'
import { runCli } from './runCli.ts'
import { type Acala, devCall, startAcala } from './startAcala.ts'

const HOUR_WEI = parseEther('36')
/** Behind 0x, length, version, account and kind of signature. */
const IN_SIGNATURE = 2 + 2 * (2 + 1 + 33 + 1 + 8)
/** On a machine that does other things as well. */
const SETTLED_MS = 300_000
vi.setConfig({ testTimeout: 400_000, hookTimeout: 420_000 })

let acala: Acala
let store: TestServer | undefined
let market: TestServer | undefined
let browser: Browser | undefined
let daemon: ClientProcess | undefined
let auditor: ChildProcess | undefined
let orderId = 0n

beforeAll(async () => {
  acala = await startAcala()
  store = await startTestServer({ dataDir: join(acala.dir, 'market') })
  const parties = await Promise.all((['seller', 'auditor', 'buyer'] as const).map(accountOf))
  const fromPages = await Promise.all([defaultAddressOf('pageSeller'), defaultAddressOf('pageBuyer')])
  await acala.mintAll([...parties.map(({ address }) => address), ...fromPages])
})
afterAll(async () => {
  await daemon?.kill()
  auditor?.kill('SIGKILL')
  await browser?.close()
  await market?.close()
  await store?.close()
  await acala?.stop()
})

const filesOf = ({ keystore, passwordFile }: AccountFiles) => ({ keystore, passwordFile })

async function sellerConfig(): Promise<string> {
  const config = join(acala.dir, 'seller', 'config.toml')
  const settings = {
    rpc: acala.url,
    chain: 'substrate-evm',
    deployment: acala.deploymentFile,
    ...filesOf(acala.accounts.seller),
    dataDir: join(acala.dir, 'seller', 'data'),
    listen: '127.0.0.1:0',
    store: store!.url,
    driver: 'process',
    pricePerHourWei: String(HOUR_WEI),
    maxSeconds: 36_000,
    bondWei: String(parseEther('1000')),
    heartbeatSeconds: 0,
  }
  await writeFile(config, stringify(settings))
  return config
}

async function startAuditor(): Promise<void> {
  const config = join(acala.dir, 'auditor', 'config.json')
  const settings = {
    rpc: acala.url,
    chain: 'substrate-evm',
    deployment: acala.deploymentFile,
    ...filesOf(acala.accounts.auditor),
    hardwareClass: 'canonical',
    store: store!.url,
    dataDir: join(acala.dir, 'auditor'),
  }
  await writeFile(config, JSON.stringify(settings))
  const script = join(import.meta.dirname, '../../../verifier/src/cli.ts')
  const args = [script, 'watch', '--config', config, '--parent-pipe']
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] })
  auditor = child
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('exit', (code) => reject(new Error(`the auditor ended with ${code}`)))
  })
}

async function orderByCli(): Promise<bigint> {
  const { job, data } = await tinyJob({
    steps: 32,
    segmentsPerWindow: 1,
    proof: { mode: 'bitwise', draws: 2 },
  })
  const at = (name: string) => join(acala.dir, name)
  await writeFile(at('job.json'), JSON.stringify(job))
  await writeFile(at('train'), data.train)
  await writeFile(at('heldOut'), data.heldOut)
  const { keystore, passwordFile } = acala.accounts.buyer
  const { stdout, stderr, exitCode } = await runCli('client/src/cli.ts', [
    ...['order', '--chain', 'substrate-evm', '--rpc', acala.url, '--deployment', acala.deploymentFile],
    ...['--store', store!.url, '--keystore', keystore, '--password-file', passwordFile],
    ...['--job', at('job.json'), '--data', at('train'), at('heldOut'), '--yes', '--json'],
  ])
  expect(exitCode, stderr).toBe(0)
  return BigInt((JSON.parse(stdout) as { orderId: string }).orderId)
}

// Side by side, as on any chain: their transactions share its blocks.
describe.concurrent('accounts, daemons and command lines', () => {
  test('default: a whole order between sr25519 accounts, from addMachine to withdraw', wholeOrder)

  test('behavior: ed25519 and Ethereum keystores are accounts as well', async () => {
    const approve = async (name: 'edwards' | 'ethereum') => {
      const account = await acala.connectByKeystore(name)
      await approveBalances(account, 5n)
      expect((await readToken(account, account.address)).allowanceWei).toBe(5n)
    }
    await Promise.all([approve('edwards'), approve('ethereum')])
  })

  test('error: a revert has the name and the arguments that it has on an EVM chain', async () => {
    const { faucet } = acala
    const signer = faucet.runner as SubstrateSigner
    const account = await signer.getAddress()
    await expect(withdraw(faucet, { amountWei: 7n })).rejects.toMatchObject({
      name: 'ChainError',
      errorName: 'BalancesInsufficientFree',
      args: { account, freeWei: 0n, neededWei: 7n },
      moneyMoved: false,
    })
    // One that nobody foresaw: it is included, and failed.
    const { data } = withdrawCall(acala)
    const nonce = await signer.getNonce('latest')
    const to = acala.deployment.balances
    const raw = await signer.signTransaction({ to, data, nonce, gasLimit: 300_000n })
    expect(await broadcast(signer.provider, raw)).toBe('taken')
    const receipt = await until(async () => {
      return (await signer.provider.getTransactionReceipt(signer.hashOf(raw))) ?? undefined
    })
    expect(receipt).toMatchObject({ status: 0, from: account, to, logs: [] })
    expect(receipt.fee).toBeGreaterThan(0n)
    // The same bytes again, and others with a nonce that is used up.
    expect(await broadcast(signer.provider, raw)).toBe('spent')
  })

  test('error: no coins, a changed signature, another chain', async () => {
    const poor = await acala.connectAs('poor')
    await expect(approveBalances(poor, 1n)).rejects.toMatchObject({
      name: 'ChainError',
      errorName: 'InsufficientFunds',
    })
    const signer = acala.faucet.runner as SubstrateSigner
    const { data } = withdrawCall(acala)
    const nonce = await signer.getNonce('pending')
    const raw = await signer.signTransaction({
      to: acala.deployment.balances,
      data,
      nonce,
      gasLimit: 300_000n,
    })
    const changed =
      raw.slice(0, IN_SIGNATURE) + (raw[IN_SIGNATURE] === '0' ? '1' : '0') + raw.slice(IN_SIGNATURE + 1)
    await expect(signer.provider.send('eth_sendRawTransaction', [changed])).rejects.toThrow(/invalid sender/)
    const elsewhere = { ...acala.deployment, genesisHash: `0x${'46'.repeat(32)}` }
    await expect(connect({ rpcUrl: acala.url, deployment: elsewhere })).rejects.toThrow(WrongChain)
    const otherId = { ...acala.deployment, chainId: 595 }
    await expect(connect({ rpcUrl: acala.url, deployment: otherId })).rejects.toThrow(/serves chain 31337/)
  })
})

describe('the market server on this chain', () => {
  beforeAll(async () => {
    const [webDir, launched] = await Promise.all([
      hasChromium ? buildWeb() : undefined,
      hasChromium ? launchChromium() : undefined,
    ])
    browser = launched
    await store?.close()
    store = undefined
    market = await startTestServer({
      ...{ chain: 'substrate-evm', rpc: acala.url, deployment: acala.deploymentFile },
      // What the store has from the order: its job, its data, its result.
      ...{ dataDir: join(acala.dir, 'market'), webDir, allowPrivateEndpoints: true },
    })
    await waitFor(
      () => getHealth(market!.url),
      ({ phase, behind }) => phase === 'following' && behind === 0,
      60_000,
    )
  })

  test('default: it tells of the order what the chain holds, and passes on what pages ask', async () => {
    const facts = await readOrder(acala.faucet, orderId)
    const shown = await getOrder(market!.url, orderId)
    expect(shown).toMatchObject({
      ...{ status: 'Completed', buyer: facts.buyer, seller: facts.seller, jobName: 'quarters' },
      ...{ escrowWei: String(facts.escrowWei), settledAt: facts.settledAt },
    })
    expect(shown.windows.map(({ txHash }) => txHash?.length)).toEqual([66, 66])
    const { chain, genesisHash } = await getHealth(market!.url)
    expect({ chain, genesisHash }).toEqual({
      chain: 'substrate-evm',
      genesisHash: acala.deployment.genesisHash,
    })
    const ask = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(market!.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
      return (await answer.json()) as { result?: unknown; error?: { message: string }; title?: string }
    }
    const ethereum = { jsonrpc: '2.0', id: 1, params: [] }
    expect((await ask('/api/rpc', { ...ethereum, method: 'eth_chainId' })).result).toBe('0x7a69')
    const genesis = { method: 'chain_getBlockHash', params: [0] }
    expect((await ask('/api/node', genesis)).result).toBe(genesisHash)
    const garbage = { method: 'author_submitExtrinsic', params: ['0x00'] }
    expect((await ask('/api/node', garbage)).error?.message).toMatch(/^-?\d+: /)
    expect((await ask('/api/node', { method: 'dev_newBlock' })).title).toMatch(/Not a call/)
  })

  browserTest('default: a machine is put up from the page by a Substrate wallet', () =>
    sellFromPage(browser!, acala, market!.url),
  )

  browserTest('default: an order is placed, extended and stopped from the page by a Substrate wallet', () =>
    buyFromPage(browser!, acala, market!.url, orderId),
  )

  browserTest('error: a browser without a wallet for Substrate accounts is told so', () =>
    missingExtension(browser!, market!.url),
  )

  test('behavior: what a reorganisation takes back is gone, and can be sent again', async () => {
    const { faucet, provider } = acala
    const before = await readHead(faucet)
    const machine = { specHash: id('spec'), specUri: 'none', hardwareClass: hardwareClassOf('canonical') }
    const add = () => addMachine(faucet, { ...machine, endpoint: 'https://again.example' })
    const { hash, machineId } = await add()
    const first = await provider.getTransactionReceipt(hash)
    const isShown = (wanted: bigint) => (shown: Awaited<ReturnType<typeof getMachines>>) =>
      BigInt(shown.machines.length) === wanted
    await waitFor(() => getMachines(market!.url), isShown(machineId), 30_000)
    await devCall(provider, 'dev_setHead', [before.blockNumber])
    // Its block is not in the chain any more; the pool may bring it into another one, or may have lost it.
    await until(async () => {
      const receipt = await provider.getTransactionReceipt(hash)
      return receipt?.blockHash !== first?.blockHash ? true : undefined
    })
    // A node that is behind what was seen before is not believed at once.
    const again = await until(add)
    const { blockHash } = (await provider.getTransactionReceipt(again.hash))!
    expect((await provider.getBlock(again.blockNumber))?.hash).toBe(blockHash)
    const count = await readMachineCount(faucet)
    const { machines } = await waitFor(() => getMachines(market!.url), isShown(count), 30_000)
    const ids = machines.map((each) => BigInt(each.machineId))
    const owners = await Promise.all(ids.map(async (each) => (await readMachine(faucet, each)).owner))
    expect(machines.map(({ owner }) => owner)).toEqual(owners)
  })
})

async function wholeOrder(): Promise<void> {
  const [seller, buyer] = await Promise.all([acala.connectAs('seller'), acala.connectAs('buyer')])
  const config = await sellerConfig()
  ;[daemon] = await Promise.all([startClient(config), startAuditor()])
  orderId = await orderByCli()
  const order = await until(async () => {
    const facts = await readOrder(buyer, orderId)
    return facts.settledAt === 0 ? undefined : facts
  }, SETTLED_MS)
  expect(order).toMatchObject({ status: 'Completed', buyer: buyer.address, slashedWei: 0n })
  expect(order.paidWei).toBeGreaterThan(0n)
  const { blockNumber } = await readHead(buyer)
  const events = await readEvents(buyer, acala.deployment.deployedBlock, blockNumber)
  const names = events.map(({ name }) => name)
  expect(names.filter((name) => name === 'WindowCommitted')).toHaveLength(2)
  for (const name of ['MachineAdded', 'OfferMade', 'OrderPlaced', 'OrderStarted', 'VerdictsRevealed'])
    expect(names).toContain(name)

  const before = await readToken(seller, seller.address)
  const freeWei = await readFree(seller, seller.address)
  expect(freeWei).toBeGreaterThan(0n)
  await daemon!.terminate()
  auditor?.kill('SIGTERM')
  const { exitCode, stderr } = await runCli('client/src/cli.ts', ['withdraw', '--config', config, '--yes'])
  expect(exitCode, stderr).toBe(0)
  const after = await readToken(seller, seller.address)
  expect(after.balanceWei - before.balanceWei).toBe(freeWei)
}

function withdrawCall({ deployment }: Acala) {
  return { to: deployment.balances, data: interfaces.balances.encodeFunctionData('withdraw', [7n]) }
}
