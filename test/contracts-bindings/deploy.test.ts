import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createProvider } from '@trainyard/contracts/context.ts'
import { deployDevToken } from '@trainyard/contracts/deploy/deployDevToken.ts'
import { deployOnce } from '@trainyard/contracts/deploy/deployOnce.ts'
import { parameterSet, withBeacon } from '@trainyard/contracts/deploy/parameterSet.ts'
import { EVMNET } from '@trainyard/contracts/drandNetwork.ts'
import { readDrandNetwork } from '@trainyard/contracts/readDrandNetwork.ts'
import { type AbstractSigner, JsonRpcProvider, type TransactionRequest, Wallet } from 'ethers'
import { expect, onTestFinished, test } from 'vitest'
import { startAnvil } from '../helpers/anvil.ts'

const CHAIN_ID = 31_337
const DEPLOYER = `0x${'42'.repeat(32)}`

async function setup(options: { coins?: bigint } = {}) {
  const anvil = await startAnvil()
  onTestFinished(() => anvil.stop())
  const provider = createProvider(anvil.rpcUrl, CHAIN_ID)
  onTestFinished(() => provider.destroy())
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-deploy-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const signer = new Wallet(DEPLOYER, provider)
  const wei = options.coins ?? 10n ** 20n
  await provider.send('anvil_setBalance', [signer.address, `0x${wei.toString(16)}`])
  const token = await deployDevToken(await provider.getSigner(0))
  const said: string[] = []
  const deploy = (changed: { signer?: AbstractSigner; chainId?: number; token?: string } = {}) =>
    deployOnce({
      ...{
        signer,
        chainId: CHAIN_ID,
        token,
        parameters: withBeacon(parameterSet('default'), 'evmnet'),
        folder,
      },
      ...changed,
      say: (line) => said.push(line),
    })
  return { provider, signer, token, folder, said, deploy }
}

/** Stops sending after a number of transactions, as a machine that loses its power does. */
class FailingWallet extends Wallet {
  left = 3
  override async sendTransaction(request: TransactionRequest) {
    if (this.left-- === 0) throw new Error('power lost')
    return super.sendTransaction(request)
  }
}

test('default: a second run finds the deployment and sends nothing', async () => {
  const { provider, signer, folder, said, deploy } = await setup()
  const deployment = await deploy()
  expect(said.filter((line) => line.endsWith('deployed'))).toHaveLength(12)
  // Strangers' orders are drawn by drand evmnet, as its own address says of itself.
  expect(await readDrandNetwork({ deployment, runner: provider })).toEqual(EVMNET)
  const recorded = JSON.parse(readFileSync(join(folder, `${CHAIN_ID}.json`), 'utf8'))
  expect(recorded.deployment).toEqual(deployment)
  const nonce = await provider.getTransactionCount(signer.address)
  expect(await deploy()).toEqual(deployment)
  expect(await provider.getTransactionCount(signer.address)).toBe(nonce)
})

test('behavior: an interrupted deployment is taken up where it stopped', async () => {
  const { provider, said, deploy } = await setup()
  await expect(deploy({ signer: new FailingWallet(DEPLOYER, provider) })).rejects.toThrow(/power lost/)
  expect(said).toHaveLength(3)
  await deploy()
  expect(said.filter((line) => line.endsWith('deployed'))).toHaveLength(12)
  expect(said.filter((line) => line.endsWith('was there'))).toHaveLength(3)
})

test('behavior: a provider that remembers its answers for a while is waited for', async () => {
  const { provider, deploy } = await setup()
  const url = provider._getConnection().url
  const remembering = new JsonRpcProvider(url, CHAIN_ID, { staticNetwork: true, cacheTimeout: 1_000 })
  onTestFinished(() => remembering.destroy())
  await deploy({ signer: new Wallet(DEPLOYER, remembering) })
})

test('behavior: the same fresh account gives the same addresses on another chain', async () => {
  const first = await (await setup()).deploy()
  const second = await (await setup()).deploy()
  const { deployedBlock: _, genesisHash: __, ...addresses } = first
  expect(second).toMatchObject(addresses)
})

test('error: another chain, no token, no funds: nothing is sent', async () => {
  const { provider, signer, deploy } = await setup({ coins: 1_000n })
  await expect(deploy({ chainId: 1 })).rejects.toThrow(/serves chain 31337, not 1/)
  await expect(deploy({ token: signer.address })).rejects.toThrow(/no contract at/)
  await expect(deploy()).rejects.toThrow(/coin for gas/)
  expect(await provider.getTransactionCount(signer.address)).toBe(0)
})

test('error: an account used meanwhile is refused, not guessed around', async () => {
  const { provider, signer, deploy } = await setup()
  await expect(deploy({ signer: new FailingWallet(DEPLOYER, provider) })).rejects.toThrow()
  await (await signer.sendTransaction({ to: signer.address })).wait()
  await expect(deploy()).rejects.toThrow(/was used for something else|its next one is/)
})

test('behavior: parameters come by name or out of a file, and a wrong file is refused by name', async () => {
  const { folder } = await setup()
  const file = join(folder, 'parameters.json')
  const { values } = parameterSet('devnet')
  const written = JSON.stringify(values, (_, value) => (typeof value === 'bigint' ? String(value) : value))
  writeFileSync(file, written)
  const read = parameterSet(file)
  expect(read.values).toEqual(values)
  writeFileSync(file, written.replace('"minSeats":1', '"minSeats":2'))
  expect(parameterSet(file).name).not.toBe(read.name)
  writeFileSync(file, written.replace('"minSeats"', '"seats"'))
  expect(() => parameterSet(file)).toThrow(/seats.*Nothing was sent/)
  expect(withBeacon(read, 'block')).toEqual({
    ...read,
    name: `${read.name}, beacon block`,
    beacon: undefined,
  })
  expect(withBeacon(parameterSet('devnet'), 'evmnet').beacon?.network).toBe(EVMNET)
  expect(() => withBeacon(read, 'dice')).toThrow(/no beacon dice. Nothing was sent/)
  expect(() => parameterSet('mainnet')).toThrow(/no parameters mainnet/)
})
