import { deployDevToken } from '@trainyard/contracts/deploy/deployDevToken.ts'
import { deployRuntime } from '@trainyard/contracts/deploy/deployRuntime.ts'
import { devnetParameters } from '@trainyard/contracts/deploy/devnetParameters.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { devTokenAbi } from '@trainyard/contracts/generated/DevToken.ts'
import { readBeacon } from '@trainyard/contracts/readBeacon.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { sendCall } from '@trainyard/contracts/send.ts'
import { requireKnownExtensions } from '@trainyard/contracts/substrate/requireKnownExtensions.ts'
import { reviveAddressOf } from '@trainyard/contracts/substrate/revivePallet.ts'
import { signedExtensions } from '@trainyard/contracts/substrate/signedExtensions.ts'
import { hexlify, Interface, type InterfaceAbi, parseEther, type Signer, Wallet } from 'ethers'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { oneOrder, prepare } from '../../../../bench/gas.ts'
import { installSubstrateChain } from '../../../helpers/installSubstrateChain.ts'
import { assetHubs } from './assetHubs.ts'
import { evmBlockHash } from './createMachine.ts'
import { openHub, sr25519 } from './openHub.ts'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 300_000 })
const token = new Interface(devTokenAbi as InterfaceAbi)
const [polkadot, , paseo] = assetHubs

beforeAll(installSubstrateChain)

describe.each(assetHubs)('real metadata of $name asset hub, simulated execution', (hub) => {
  test('default: an sr25519 account is mapped, deploys, sends, and reads what it did', async () => {
    const { signerFor, decoded, provider } = await openHub(hub)
    const keystore = await sr25519(7)
    const signer = (await signerFor(keystore)) as Signer
    const own = await signer.getAddress()
    expect(own).toBe(reviveAddressOf(hexlify(keystore.pair.publicKey)))
    const address = await deployDevToken(signer)
    const data = token.encodeFunctionData('mint', [own, 5n])
    const sent = await signer.sendTransaction({ to: address, data })
    const receipt = await sent.wait()
    expect(receipt).toMatchObject({ status: 1, from: own, to: address })
    expect(receipt?.logs.map(({ address: at }) => at)).toEqual([address])
    const asked = token.encodeFunctionData('balanceOf', [own])
    expect(BigInt(await provider.call({ to: address, data: asked }))).toBe(5n)

    // What reached the chain, read by its metadata alone, is what was asked for.
    expect(decoded.map(({ call }) => `${call.section}.${call.method}`)).toEqual([
      'revive.mapAccount',
      'revive.instantiateWithCode',
      'revive.call',
    ])
    const last = decoded.at(-1)!
    const [dest, value, , , input] = last.call.args.map((arg) => String(arg))
    expect({ dest, value, input }).toEqual({ dest: address.toLowerCase(), value: '0', input: data })
    expect(last.signer).toBe(hexlify(keystore.pair.publicKey))
    expect(String(last.extensions.get('CheckNonce'))).toBe('2')
  })

  test('behavior: an Ethereum keystore sends Ethereum’s own transactions, wrapped', async () => {
    const { signerFor, decoded, provider } = await openHub(hub)
    const wallet = (await signerFor(new Wallet(`0x${'42'.repeat(32)}`))) as Signer
    const address = await deployDevToken(wallet)
    const data = token.encodeFunctionData('mint', [await wallet.getAddress(), 5n])
    const sent = await wallet.sendTransaction({ to: address, data })
    expect(await provider.getTransactionReceipt(sent.hash)).toMatchObject({ status: 1, to: address })
    expect(decoded.map(({ isSigned, call }) => `${isSigned} ${call.method}`)).toEqual([
      'false ethTransact',
      'false ethTransact',
    ])
  })
})

test('behavior: the whole runtime, and a deposit by approval, since an sr25519 key signs no permit', async () => {
  const { signerFor } = await openHub(polkadot)
  const runner = (await signerFor(await sr25519(8))) as Signer
  const own = await runner.getAddress()
  const address = await deployDevToken(runner)
  const deployed = { parameters: devnetParameters, token: address, chain: 'revive' } as const
  const deployment = await deployRuntime(runner, deployed)
  expect(deployment.chain).toBe('revive')
  const context = { deployment, runner }
  const data = token.encodeFunctionData('mint', [own, parseEther('10')])
  await sendCall(context, { to: address, data }, 'token.mint')
  const types = { Note: [{ name: 'text', type: 'string' }] }
  await expect(runner.signTypedData({}, types, { text: 'no key' })).rejects.toMatchObject({
    name: 'TypedDataUnsupported',
    moneyMoved: false,
  })
  await deposit(context, { amountWei: parseEther('4') })
  expect(await readFree(context, own)).toBe(parseEther('4'))
  // The same error, by name and arguments, as on an EVM chain.
  await expect(deposit(context, { amountWei: parseEther('400') })).rejects.toMatchObject({
    name: 'ChainError',
    errorName: 'BalancesTransferRefused',
    args: { account: own, amountWei: parseEther('400') },
  })
})

test('default: a whole order with proofs; its beacons are what the contracts read, not what headers say', async () => {
  const { signerFor, mine, advance, provider } = await openHub(polkadot)
  const walletAt = (index: number) => new Wallet(`0x${String(index + 1).repeat(64)}`)
  const deployer = (await signerFor(walletAt(8))) as Signer
  const address = await deployDevToken(deployer)
  const deployed = { parameters: devnetParameters, token: address, chain: 'revive' } as const
  const deployment = await deployRuntime(deployer, deployed)
  const account = async (index: number) => {
    const runner = (await signerFor(walletAt(index))) as Wallet
    const data = token.encodeFunctionData('mint', [runner.address, parseEther('10000')])
    await sendCall({ deployment, runner: deployer }, { to: address, data }, 'token.mint')
    return { deployment, runner, address: runner.address, wallet: runner }
  }
  const parties = await prepare({ account, mine, advance })
  const gas = await oneOrder(parties)
  expect(Object.keys(gas)).toContain('settleOrder')
  expect(await readOrder(parties.buyer, 1n)).toMatchObject({ status: 'Completed' })
  const { position, value } = await readBeacon(parties.buyer, 1n, 0)
  expect(value).toBe(evmBlockHash(position))
  expect((await provider.getBlock(position))?.hash).not.toBe(value)
})

test('error: a chain whose transactions carry what the library leaves out is refused by name', async () => {
  const { api } = await openHub(paseo)
  expect(() => requireKnownExtensions(api, signedExtensions)).not.toThrow()
  expect(() => requireKnownExtensions(api, {})).toThrow(/next-asset-hub-paseo carry AsPgas and AsRingAlias/)
  const { api: other } = await openHub(polkadot)
  expect(() => requireKnownExtensions(other, {})).not.toThrow()
})
