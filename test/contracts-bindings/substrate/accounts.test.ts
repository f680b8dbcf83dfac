import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Keyring } from '@polkadot/api'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { createKeystore } from '@trainyard/contracts/accounts/createKeystore.ts'
import { readKeystore } from '@trainyard/contracts/accounts/readKeystore.ts'
import { SubstrateAccount } from '@trainyard/contracts/accounts/SubstrateAccount.ts'
import { connect } from '@trainyard/contracts/context.ts'
import { poolAnswer } from '@trainyard/contracts/substrate/poolAnswer.ts'
import { ZeroAddress } from 'ethers'
import { afterAll, expect, test, vi } from 'vitest'

vi.setConfig({ testTimeout: 120_000 })
const folder = mkdtempSync(join(tmpdir(), 'trainyard-substrate-keys-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const passwordFile = join(folder, 'password')
writeFileSync(passwordFile, 'correct horse\n', { mode: 0o600 })
const secretKey = new Uint8Array(32).fill(7)

test.each([
  ['sr25519', '0xA7F5bAa30588c13C8eBA27D2E9DFf89A5D63513c'],
  ['ed25519', undefined],
] as const)(
  'default: a keystore of type %s is the keyring’s account, with an Ethereum key of its own',
  async (type, companion) => {
    await cryptoWaitReady()
    const file = join(folder, `${type}.json`)
    const expected = new Keyring({ type }).addFromSeed(secretKey)
    expect(await createKeystore({ file, passwordFile, type, secretKey })).toBe(expected.address)
    const account = await readKeystore({ file, passwordFile })
    if (!(account instanceof SubstrateAccount)) throw new TypeError('no Substrate account')
    const again = new Keyring({ type }).addFromPair({ ...account.pair })
    expect(again.address).toBe(expected.address)
    expect(expected.verify('note', again.sign('note'), expected.publicKey)).toBe(true)
    // The companion never changes: chains bind it for ever.
    if (companion) expect(account.address).toBe(companion)
  },
)

test('error: an EVM chain takes no such account', async () => {
  const { publicKey } = new Keyring({ type: 'sr25519' }).addFromSeed(secretKey)
  const signer = new SubstrateAccount({ type: 'sr25519', publicKey, secretKey: new Uint8Array(64) })
  const pallets = ['token', 'runtime', 'balances', 'machines', 'staking', 'market', 'proofs', 'disputes']
  const addresses = Object.fromEntries([...pallets, 'windows'].map((name) => [name, ZeroAddress]))
  const deployment = {
    chainId: 1,
    genesisHash: `0x${'1'.repeat(64)}`,
    deployedBlock: 0,
    ...addresses,
  } as never
  await expect(connect({ rpcUrl: 'http://127.0.0.1:1', deployment, signer })).rejects.toThrow(
    /is of type sr25519, and the deployment is on an EVM chain/,
  )
})

test.each([
  ['1010: {"invalid":{"stale":null}}', /nonce too low/],
  ['1010: Invalid Transaction: Transaction is outdated', /nonce too low/],
  ['1010: {"invalid":{"payment":null}}', /insufficient funds/],
  [
    '1010: Invalid Transaction: Inability to pay some fees (e.g. account balance too low)',
    /insufficient funds/,
  ],
  ['1010: {"invalid":{"badProof":null}}', /invalid sender/],
  ['1010: {"invalid":{"ancientBirthBlock":null}}', /underpriced: sign it again/],
  ['1012: Transaction is temporarily banned', /underpriced: sign it again/],
  ['1013: Transaction Already Imported', /already known/],
  ['1014: Priority is too low: (10 vs 10)', /replacement transaction underpriced/],
  ['1016: Immediately Dropped', /the transaction pool refuses: 1016/],
])('behavior: the pool’s "%s" in the words of an Ethereum node', (said, expected) => {
  expect(poolAnswer(new Error(said))?.message).toMatch(expected)
})

test('behavior: no answer is none', () => {
  expect(poolAnswer(new Error('WebSocket is not connected'))).toBeUndefined()
})
