import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { blake2AsU8a, cryptoWaitReady, ed25519PairFromSeed, sr25519PairFromSeed } from '@polkadot/util-crypto'
import type { KeystoreType } from '@trainyard/contracts/accounts/readKeystore.ts'
import { SubstrateAccount } from '@trainyard/contracts/accounts/SubstrateAccount.ts'
import { hexlify, SigningKey, Wallet } from 'ethers'
import { createLightKeystore } from '../../helpers/createLightKeystore.ts'

/** In this order: each one's secret is made of its place. */
const names = [
  ...(['deployer', 'seller', 'auditor', 'buyer', 'edwards', 'ethereum', 'minter'] as const),
  ...(['pageSeller', 'pageBuyer', 'poor'] as const),
]
export type AccountName = (typeof names)[number]

/** Those that the command lines and the daemons act for, and one of each other type. */
const withKeystore = ['deployer', 'seller', 'auditor', 'buyer', 'edwards', 'ethereum'] as const
export type KeystoreName = (typeof withKeystore)[number]
export type AccountFiles = { readonly keystore: string; readonly passwordFile: string }

const COINS = 10_000n * 10n ** 12n

export function seedOf(name: AccountName): Uint8Array {
  return new Uint8Array(32).fill(names.indexOf(name) + 1)
}

function typeOf(name: AccountName): KeystoreType {
  if (name === 'edwards' || name === 'pageSeller') return 'ed25519'
  return name === 'ethereum' ? 'ethereum' : 'sr25519'
}

/** The account as its keystore would give it. */
export async function accountOf(name: AccountName): Promise<Wallet> {
  await cryptoWaitReady()
  const [type, seed] = [typeOf(name), seedOf(name)]
  if (type === 'ethereum') return new Wallet(hexlify(seed))
  const pair = type === 'sr25519' ? sr25519PairFromSeed(seed) : ed25519PairFromSeed(seed)
  return new SubstrateAccount({ type, ...pair })
}

/** The 32 bytes that the native chain knows an account by. */
export async function accountIdOf(name: AccountName): Promise<string> {
  const account = await accountOf(name)
  if (account instanceof SubstrateAccount) return hexlify(account.pair.publicKey)
  return hexlify(blake2AsU8a(SigningKey.computePublicKey(account.privateKey, true)))
}

/** What accounts have from the first block on, by public key. */
export async function genesisBalances(): Promise<Record<string, bigint>> {
  const funded = names.filter((name) => name !== 'poor')
  return Object.fromEntries(await Promise.all(funded.map(async (name) => [await accountIdOf(name), COINS])))
}

/** Writes the keystores, each in a folder of its own. */
export async function writeKeystores(dir: string): Promise<Record<KeystoreName, AccountFiles>> {
  const files = {} as Record<KeystoreName, AccountFiles>
  for (const name of withKeystore) {
    const home = join(dir, name)
    await mkdir(home)
    const passwordFile = join(home, 'password')
    await writeFile(passwordFile, 'correct horse\n', { mode: 0o600 })
    const file = join(home, 'keystore.json')
    await createLightKeystore({ file, passwordFile, type: typeOf(name), secretKey: seedOf(name) })
    files[name] = { keystore: file, passwordFile }
  }
  return files
}
