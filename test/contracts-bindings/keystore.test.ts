import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeystore } from '@trainyard/contracts/accounts/createKeystore.ts'
import { KeystoreError } from '@trainyard/contracts/accounts/KeystoreError.ts'
import { readKeystore } from '@trainyard/contracts/accounts/readKeystore.ts'
import { getBytes, Transaction, verifyMessage, verifyTypedData, Wallet } from 'ethers'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'trainyard-keystore-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const secretKey = `0x${'4c'.repeat(31)}01`
const wallet = new Wallet(secretKey)
const passwordFile = join(folder, 'password')
writeFileSync(passwordFile, 'correct horse\n', { mode: 0o600 })

const domain = { name: 'Trainyard', version: '1', chainId: 31337, verifyingContract: wallet.address }
const types = {
  Note: [
    { name: 'text', type: 'string' },
    { name: 'n', type: 'uint256' },
  ],
}
const note = { text: 'hello', n: 7n }

async function signer(name: string) {
  const file = join(folder, name)
  const address = await createKeystore({ file, passwordFile, secretKey: getBytes(secretKey) })
  return { file, address, signer: await readKeystore({ file, passwordFile }) }
}

test('default: signs messages, typed data and transactions exactly as an ethers wallet with that key', async () => {
  const { address, signer: keyring } = await signer('same.json')
  expect(address).toBe(wallet.address)
  expect(await keyring.getAddress()).toBe(wallet.address)
  for (const message of ['', 'hello', 'ünïcode'.repeat(50), new Uint8Array([0, 255, 1])]) {
    const signature = await keyring.signMessage(message)
    expect(signature).toBe(await wallet.signMessage(message))
    expect(verifyMessage(message, signature)).toBe(wallet.address)
  }
  const typed = await keyring.signTypedData(domain, types, note)
  expect(typed).toBe(await wallet.signTypedData(domain, types, note))
  expect(verifyTypedData(domain, types, note, typed)).toBe(wallet.address)
  const transactions = [
    {
      type: 2,
      chainId: 31337,
      nonce: 3,
      gasLimit: 21000,
      maxFeePerGas: 9,
      maxPriorityFeePerGas: 1,
      to: wallet.address,
      value: 5,
    },
    { type: 0, chainId: 31337, nonce: 0, gasLimit: 90000, gasPrice: 7, data: '0x1234' },
  ]
  for (const request of transactions) {
    const serialized = await keyring.signTransaction(request)
    expect(serialized).toBe(await wallet.signTransaction(request))
    expect(Transaction.from(serialized).from).toBe(wallet.address)
  }
})

test('behavior: the file is readable by its owner only, holds no clear key, and is never overwritten', async () => {
  const { file } = await signer('mode.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(await readFile(file, 'utf8')).not.toContain('4c4c4c4c')
  await expect(createKeystore({ file, passwordFile })).rejects.toThrow(KeystoreError)
})

test('behavior: without a key the account is a new one each time', async () => {
  const first = await createKeystore({ file: join(folder, 'a.json'), passwordFile })
  const second = await createKeystore({ file: join(folder, 'b.json'), passwordFile })
  expect(first).not.toBe(second)
})

test('error: a wrong password is one clear sentence without the password in it', async () => {
  const { file } = await signer('wrong.json')
  const wrong = join(folder, 'wrong-password')
  writeFileSync(wrong, 'battery staple')
  const error = await readKeystore({ file, passwordFile: wrong }).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(KeystoreError)
  expect(String(error)).toContain('does not open the keystore')
  expect(JSON.stringify(error) + String(error)).not.toContain('staple')
})

test('error: other files, unencrypted accounts and empty passwords are refused', async () => {
  const { file } = await signer('whole.json')
  const json = JSON.parse(await readFile(file, 'utf8'))
  const broken = join(folder, 'broken.json')
  for (const text of [
    '',
    'not json',
    '{}',
    JSON.stringify({ ...json, encoding: { ...json.encoding, type: ['none'] } }),
  ]) {
    writeFileSync(broken, text)
    await expect(readKeystore({ file: broken, passwordFile })).rejects.toThrow(KeystoreError)
  }
  const empty = join(folder, 'empty-password')
  writeFileSync(empty, '\nsecond line')
  await expect(readKeystore({ file, passwordFile: empty })).rejects.toThrow('empty or too large')
  await expect(readKeystore({ file, passwordFile: join(folder, 'none') })).rejects.toThrow('cannot be read')
})

test('error: a transaction that names another sender is not signed', async () => {
  const { signer: keyring } = await signer('from.json')
  const from = Wallet.createRandom().address
  await expect(
    keyring.signTransaction({ from, chainId: 1, nonce: 0, gasLimit: 1, gasPrice: 1 }),
  ).rejects.toThrow('from address mismatch')
})
