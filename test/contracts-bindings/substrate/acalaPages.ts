import { Keyring } from '@polkadot/keyring'
import type { KeyringPair } from '@polkadot/keyring/types'
import { blake2AsHex } from '@polkadot/util-crypto'
import { startOrder } from '@trainyard/contracts/startOrder.ts'
import { nativeAccount } from '@trainyard/contracts/substrate/account.ts'
import { chainOver } from '@trainyard/contracts/substrate/chainOver.ts'
import { concat, dataSlice, getAddress, toUtf8Bytes } from 'ethers'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { expectNoViolations } from '../../market-ui/expectNoViolations.ts'
import { getMachines, getOrder } from '../../market-ui/getJson.ts'
import { type ExtensionMode, installExtension } from '../../market-ui/testExtension.ts'
import { waitFor } from '../../market-ui/waitFor.ts'
import { type AccountName, accountIdOf, accountOf, seedOf } from './acalaAccounts.ts'
import type { Acala } from './startAcala.ts'

const WAIT_MS = 60_000 // a call takes some blocks here: its dry runs, an approval before it, the account's first binding
const EXTENSION = 'test-extension'

/** Where an account that was never bound acts from (evmAccounts.claimDefaultAccount). */
export async function defaultAddressOf(name: AccountName): Promise<string> {
  const hash = blake2AsHex(concat([toUtf8Bytes('evm:'), await accountIdOf(name)]))
  return getAddress(dataSlice(hash, 0, 20))
}

function pairOf(name: 'pageSeller' | 'pageBuyer'): KeyringPair {
  const type = name === 'pageSeller' ? 'ed25519' : 'sr25519'
  return new Keyring({ type, ss58Format: 10 }).addFromSeed(seedOf(name), { name })
}

type Opened = { page: Page; extension: ExtensionMode; complaints: string[]; close: () => Promise<void> }

async function open(browser: Browser, acala: Acala, url: string, name: 'pageSeller' | 'pageBuyer') {
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  const { address } = pairOf('pageBuyer')
  const others = [
    { address: `0x${'ab'.repeat(20)}`, name: 'Metal', type: 'ethereum' },
    { address, name: 'Elsewhere', type: 'sr25519', genesisHash: `0x${'91'.repeat(32)}` },
  ]
  const extension = await installExtension(context, acala.provider.api, [pairOf(name)], others)
  const page = await context.newPage()
  page.setDefaultTimeout(WAIT_MS)
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(url)
  return { page, extension, complaints, close: () => context.close() } satisfies Opened
}

/** Chooses the extension, then the account. */
async function connect({ page, extension }: Opened, name: string): Promise<void> {
  const choose = page.getByRole('button', { name: EXTENSION })
  extension.mode = 'reject'
  await choose.click()
  await page.getByRole('alert').filter({ hasText: 'You said no in the wallet' }).waitFor()
  extension.mode = 'approve'
  await choose.click()
  const account = (called: string) => page.getByRole('button', { name: new RegExp(`^${called} · `) })
  await account('Metal').filter({ hasText: 'An Ethereum account' }).waitFor()
  expect(await account('Elsewhere').getAttribute('aria-disabled')).toBe('true')
  await account('Elsewhere').filter({ hasText: 'Kept for another chain' }).waitFor()
  await expectNoViolations(page, 'accounts of an extension')
  await account(name).click()
}

/** An ed25519 account stakes, lists a machine and offers it, all from the page. */
export async function sellFromPage(browser: Browser, acala: Acala, base: string): Promise<void> {
  const opened = await open(browser, acala, `${base}/sell`, 'pageSeller')
  const { page, extension, complaints } = opened
  const scripts = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => name.replace(/^.*\//, '')),
  )
  expect(scripts.filter((name) => name.startsWith('requestSubstrate'))).toEqual([])
  await connect(opened, 'pageSeller')
  await page.getByText('This account has registered no machine').waitFor()
  await page.getByRole('button', { name: 'Add to the stake' }).click()
  await page.getByText('It is staked.').waitFor()
  expect(extension.signed).toBe(4) // the address, the approval, the deposit, the bond
  await page.getByLabel('Endpoint').fill('https://mine.example')
  await page.getByLabel('Processor').fill('Testcore')
  await page.getByRole('button', { name: 'Register the machine' }).click()
  const own = page.getByRole('region', { name: /^Machine \d+$/ })
  await own.getByText('Not visible to buyers').waitFor()
  await own.getByLabel('Price, DEV an hour').fill('7.5')
  await own.getByRole('button', { name: 'Offer it' }).click()
  await own.getByText('Visible in the market at 7.5 DEV / hour').waitFor()
  const { machines } = await getMachines(base)
  const owner = await defaultAddressOf('pageSeller')
  expect(machines.find((machine) => machine.owner === owner)).toMatchObject({
    endpoint: 'https://mine.example',
    offer: { pricePerHourWei: '7500000000000000000' },
  })
  expect(complaints).toEqual([])
  await opened.close()
}

/** An sr25519 account orders `former`'s job on the page seller's machine, extends the order and stops it. */
export async function buyFromPage(
  browser: Browser,
  acala: Acala,
  base: string,
  former: bigint,
): Promise<void> {
  const opened = await open(browser, acala, `${base}/order/new?from=${former}`, 'pageBuyer')
  const { page, extension, complaints } = opened
  await page.getByRole('button', { name: 'Continue to Machine' }).click()
  await page.getByRole('radio', { name: /7\.5 DEV/ }).check()
  await page.getByRole('button', { name: 'Continue to Review' }).click()
  await page.getByText('It is held by the contract').waitFor()
  await page.getByRole('button', { name: 'Continue to Sign' }).click()
  await connect(opened, 'pageBuyer')
  const sign = page.getByRole('button', { name: 'Sign and order' })
  await sign.waitFor()
  extension.mode = 'reject'
  await sign.click()
  const refused = page.getByRole('alert').filter({ hasText: 'You said no in the wallet' })
  expect(await refused.textContent()).toContain('No money moved.')
  extension.mode = 'approve'
  await sign.click()
  await page.waitForURL(/orders\/\d+$/)
  const orderId = BigInt(/orders\/(\d+)/.exec(page.url())![1]!)
  const placed = await waitFor(
    () => getOrder(base, orderId),
    ({ status }) => status === 'Preparing',
  )
  expect(placed.buyer).toBe(await defaultAddressOf('pageBuyer'))

  const { signerOf } = await chainOver(acala.provider.api, {
    ...{ kind: 'substrate-evm', name: acala.url, pollingIntervalMs: 250 },
    requireRightChain: () => undefined,
  })
  const seller = await nativeAccount(acala.provider.api, await accountOf('pageSeller'))
  const runner = await signerOf({ ...seller, wallet: undefined })
  await startOrder({ deployment: acala.deployment, runner }, { orderId })
  await page.getByRole('button', { name: 'Extend…' }).click()
  await page.getByLabel('Minutes to add').fill('5')
  await page.getByRole('button', { name: 'Sign and extend' }).click()
  await page.getByText(/^It may now take/).waitFor()
  await page.getByRole('button', { name: 'Close' }).last().click()
  await page.getByRole('button', { name: 'Stop…' }).click()
  await page.getByRole('button', { name: 'Stop the order' }).click()
  await page.getByText('The order is stopped.').waitFor()
  const stopped = await waitFor(
    () => getOrder(base, orderId),
    ({ status }) => status !== 'Training',
  )
  expect(stopped).toMatchObject({ status: 'Auditing', closeReason: 'BUYER_CANCELLED' })
  await page.reload() // the account of the last visit is there again
  await page.getByRole('button', { name: /^Wallet / }).waitFor()
  // The order is on the chain a moment before the server has followed it there.
  expect(complaints.filter((text) => !text.includes('404'))).toEqual([])
  await opened.close()
}

/** What a browser without such a wallet is told. */
export async function missingExtension(browser: Browser, base: string): Promise<void> {
  const page = await browser.newPage()
  await page.goto(base)
  await page.getByRole('button', { name: 'Connect wallet' }).click()
  await page.getByText('No wallet for Substrate accounts was found in this browser').waitFor()
  expect(await page.getByText('Devnet key').count()).toBe(0)
  await page.close()
}
