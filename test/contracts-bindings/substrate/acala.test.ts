import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { broadcast } from '@trainyard/contracts/broadcast.ts'
import { connect } from '@trainyard/contracts/context.ts'
import { WrongChain } from '@trainyard/contracts/errors.ts'
import { interfaces } from '@trainyard/contracts/pallets.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import type { SubstrateSigner } from '@trainyard/contracts/substrate/SubstrateSigner.ts'
import { approveBalances, readToken } from '@trainyard/contracts/token.ts'
import { withdraw } from '@trainyard/contracts/withdraw.ts'
import { parseEther } from 'ethers'
import { stringify } from 'smol-toml'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type ClientProcess, startClient } from '../../client/rig/startClient.ts'
import { tinyJob } from '../../client/rig/tinyJob.ts'
import { until } from '../../client/rig/until.ts'
import { startTestServer, type TestServer } from '../../market-ui/startTestServer.ts'
import { runCli } from './runCli.ts'
import { type Acala, type Account, devCall, startAcala } from './startAcala.ts'

const HOUR_WEI = parseEther('36')
/** Behind 0x, length, version, account and kind of signature. */
const IN_SIGNATURE = 2 + 2 * (2 + 1 + 33 + 1 + 8)
vi.setConfig({ testTimeout: 400_000, hookTimeout: 420_000 })

let acala: Acala
let store: TestServer
let daemon: ClientProcess | undefined
let auditor: ChildProcess | undefined

beforeAll(async () => {
  store = await startTestServer()
  acala = await startAcala()
})
afterAll(async () => {
  await daemon?.kill()
  auditor?.kill('SIGKILL')
  await acala?.stop()
  await store?.close()
})

const filesOf = ({ keystore, passwordFile }: Account) => ({ keystore, passwordFile })

async function sellerConfig(): Promise<string> {
  const config = join(acala.dir, 'seller', 'config.toml')
  const settings = {
    rpc: acala.url,
    chain: 'substrate-evm',
    deployment: acala.deploymentFile,
    ...filesOf(acala.accounts.seller),
    dataDir: join(acala.dir, 'seller', 'data'),
    listen: '127.0.0.1:0',
    store: store.url,
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
    store: store.url,
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
    ...['--store', store.url, '--keystore', keystore, '--password-file', passwordFile],
    ...['--job', at('job.json'), '--data', at('train'), at('heldOut'), '--yes', '--json'],
  ])
  expect(exitCode, stderr).toBe(0)
  return BigInt((JSON.parse(stdout) as { orderId: string }).orderId)
}

test('default: a whole order between sr25519 accounts, from addMachine to withdraw', async () => {
  const [seller, watcher, buyer] = [
    await acala.connectAs('seller'),
    await acala.connectAs('auditor'),
    await acala.connectAs('buyer'),
  ]
  for (const { address } of [seller, watcher, buyer]) await acala.mint(address)
  const config = await sellerConfig()
  ;[daemon] = await Promise.all([startClient(config), startAuditor()])
  const orderId = await orderByCli()
  const order = await until(async () => {
    const facts = await readOrder(buyer, orderId)
    return facts.settledAt === 0 ? undefined : facts
  }, 300_000)
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
  await daemon.terminate()
  const { exitCode, stderr } = await runCli('client/src/cli.ts', ['withdraw', '--config', config, '--yes'])
  expect(exitCode, stderr).toBe(0)
  const after = await readToken(seller, seller.address)
  expect(after.balanceWei - before.balanceWei).toBe(freeWei)
})

test('behavior: ed25519 and Ethereum keystores are accounts as well', async () => {
  for (const name of ['edwards', 'ethereum'] as const) {
    const account = await acala.connectAs(name)
    await approveBalances(account, 5n)
    expect((await readToken(account, account.address)).allowanceWei).toBe(5n)
  }
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
  const raw = await signer.signTransaction({ to: acala.deployment.balances, data, nonce, gasLimit: 300_000n })
  const changed =
    raw.slice(0, IN_SIGNATURE) + (raw[IN_SIGNATURE] === '0' ? '1' : '0') + raw.slice(IN_SIGNATURE + 1)
  await expect(signer.provider.send('eth_sendRawTransaction', [changed])).rejects.toThrow(/invalid sender/)
  const elsewhere = { ...acala.deployment, genesisHash: `0x${'46'.repeat(32)}` }
  await expect(connect({ rpcUrl: acala.url, deployment: elsewhere })).rejects.toThrow(WrongChain)
  const otherId = { ...acala.deployment, chainId: 595 }
  await expect(connect({ rpcUrl: acala.url, deployment: otherId })).rejects.toThrow(/serves chain 31337/)
})

test('behavior: what a reorganisation takes back is gone, and can be sent again', async () => {
  const { faucet, provider } = acala
  const own = await (faucet.runner as SubstrateSigner).getAddress()
  const before = await readHead(faucet)
  const { hash } = await approveBalances(faucet, 7n)
  const first = await provider.getTransactionReceipt(hash)
  await devCall(provider, 'dev_setHead', [before.blockNumber])
  // Its block is not in the chain any more; the pool may bring it into another one, or may have lost it.
  await until(async () => {
    const receipt = await provider.getTransactionReceipt(hash)
    return receipt?.blockHash !== first?.blockHash ? true : undefined
  })
  // A node that is behind what was seen before is not believed at once.
  const again = await until(() => approveBalances(faucet, 7n))
  expect((await readToken(faucet, own)).allowanceWei).toBe(7n)
  const { blockHash } = (await provider.getTransactionReceipt(again.hash))!
  expect((await provider.getBlock(again.blockNumber))?.hash).toBe(blockHash)
})

function withdrawCall({ deployment }: Acala) {
  return { to: deployment.balances, data: interfaces.balances.encodeFunctionData('withdraw', [7n]) }
}
