import { devTokenAbi } from '@trainyard/contracts/generated/DevToken.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { buildWeb } from '@trainyard/market-ui/buildWeb.ts'
import { Interface, type InterfaceAbi, MaxUint256 } from 'ethers'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { tinyData } from '../client/rig/tinyJob.ts'
import { browserTest, hasChromium, launchChromium } from './chromium.ts'
import { expectNoViolations } from './expectNoViolations.ts'
import { getOrder } from './getJson.ts'
import { connect, field, fillTinyJob, orderIdIn } from './orderForm.ts'
import { type LiveMarket, startLiveMarket } from './startLiveMarket.ts'
import { emitWallet, installWallet, type WalletMode } from './testWallet.ts'
import { waitFor } from './waitFor.ts'

let market: LiveMarket
let browser: Browser

beforeAll(async () => {
  if (!hasChromium) return
  const [webDir, launched] = await Promise.all([buildWeb(), launchChromium()])
  browser = launched
  market = await startLiveMarket(webDir)
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await market?.stop()
})

type Opened = { page: Page; context: BrowserContext; wallet: WalletMode; complaints: string[] }

/** A browser with a wallet of account `index`; anything the page complains of is collected. */
const open = async (index: number, account?: string): Promise<Opened> => {
  const context = await browser.newContext({ reducedMotion: 'reduce', acceptDownloads: true })
  const { address } = await market.net.account(index)
  const wallet = await installWallet(context, { rpcUrl: market.net.rpcUrl, account: account ?? address })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(market.server.url)
  return { page, context, wallet, complaints }
}

const toSign = async (page: Page, review = 'It is held by the contract'): Promise<void> => {
  await page.getByRole('button', { name: 'Continue to Machine' }).click()
  await page.getByRole('radio').first().check()
  await page.getByRole('button', { name: 'Continue to Review' }).click()
  await page.getByText('It is held by the contract').waitFor()
  await page.getByText(review).waitFor()
  await page.getByRole('button', { name: 'Continue to Sign' }).click()
}

const settled = (orderId: number) =>
  waitFor(
    () => getOrder(market.server.url, orderId),
    ({ settledAt }) => settledAt > 0,
    90_000,
  )

/** From a completed order's page: its model, from its last checkpoint, with other data. */
const trainFurther = async (page: Page, orderId: string): Promise<void> => {
  await page.getByRole('link', { name: 'Train this model further, with new data' }).click()
  await page.getByText('The checkpoint after step 240 is the one that was proved').waitFor()
  expect(await field(page, 'Layers').getAttribute('readonly')).not.toBeNull()
  await page.getByRole('button', { name: 'Continue to Machine' }).click()
  await page.getByText('Some fields are missing or wrong.').waitFor() // data are to be chosen
  await expectNoViolations(page, 'job step of a resumed order')
  const group = page.getByRole('group', { name: 'Training data' })
  const buffer = Buffer.from(tinyData(128, 5))
  await group.locator('input[type=file]').setInputFiles({ name: 'more.safetensors', mimeType: '', buffer })
  await group.getByText('128 samples of 16 pixels').waitFor()
  await field(page, 'Who may watch').selectOption('private')
  await toSign(page, 'That training begins with the checkpoint that was proved')
  await page.getByRole('button', { name: 'Sign and order' }).click()
  await page.waitForURL((url) => /orders\/\d+$/.test(url.href) && !url.href.endsWith(`/${orderId}`))
  const order = await settled(orderIdIn(page))
  expect([order.status, order.resumed?.orderId]).toEqual(['Completed', orderId])
  await page.getByRole('link', { name: `order #${orderId}` }).waitFor()
  // It is private: one signature opens its loss, log and checkpoints in this tab.
  await expectNoViolations(page, 'private order')
  await page.getByRole('button', { name: 'Sign to read it here' }).click()
  await page.getByText('Your signature opens it in this tab until').waitFor()
  await page.getByRole('img', { name: /Loss went from .* at step 240/ }).waitFor()
  await page.getByRole('tab', { name: 'Logs' }).click()
  await page.getByLabel('Log of the job').getByText('training steps 0 to 240').waitFor()
  await page.getByRole('tab', { name: 'Checkpoints and results' }).click()
  await page.getByRole('button', { name: 'Check the checkpoint after step 240' }).click()
  await page.getByRole('button', { name: 'Save the checkpoint after step 240' }).waitFor()
  // Going on from a private order makes a part of it public: nothing is fetched or stored before that is agreed to.
  await page.getByRole('link', { name: 'Train this model further, with new data' }).click()
  const publish = page.getByRole('button', { name: 'Make that checkpoint public and go on' })
  await publish.waitFor()
  await expectNoViolations(page, 'job step that resumes from a private order')
  expect(await page.getByText('Fetching the checkpoint').count()).toBe(0)
  expect(await fetchedCheckpoints(page, order.orderId)).toBe(1) // that of the check above
  await publish.click()
  await page.getByText('The checkpoint after step 240 is the one that was proved').waitFor()
}

const fetchedCheckpoints = (page: Page, orderId: string) =>
  page.evaluate(
    (part) => performance.getEntriesByType('resource').filter(({ name }) => name.includes(part)).length,
    `/api/orders/${orderId}/checkpoints/`,
  )

describe('ordering with the mouse', () => {
  browserTest(
    'default: upload, review, a signature refused, one given; the model is checked and downloaded',
    async () => {
      const { page, context, wallet, complaints } = await open(0)
      await connect(page)
      await page.getByRole('link', { name: 'Order', exact: true }).first().click()
      await fillTinyJob(page)
      await expectNoViolations(page, 'job step')
      await toSign(page)
      await expectNoViolations(page, 'sign step')
      await page.reload() // the draft is kept
      expect(await field(page, 'Name').inputValue()).toBe('quarters')
      await toSign(page)
      wallet.mode = 'reject'
      const sign = page.getByRole('button', { name: 'Sign and order' })
      await sign.click()
      const alert = page.getByRole('alert').filter({ hasText: 'You said no in the wallet' })
      await alert.waitFor()
      expect(await alert.textContent()).toContain('No money moved.')
      await expectNoViolations(page, 'rejected')
      wallet.mode = 'approve'
      await sign.click()
      await page.waitForURL(/orders\/\d+$/)
      expect(wallet.asked).toContain('eth_signTypedData_v4')
      const order = await settled(orderIdIn(page))
      expect([order.status, order.jobName]).toEqual(['Completed', 'quarters'])
      await page.getByRole('tab', { name: 'Checkpoints and results' }).click()
      await page.getByRole('button', { name: 'Check the model here' }).click()
      await page.getByText('The model is the weights of the last checkpoint').waitFor()
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Download the model' }).click()
      expect((await download).suggestedFilename()).toBe(`order-${order.orderId}-model.safetensors`)
      await expectNoViolations(page, 'checked result')
      await page.getByRole('button', { name: 'Check the checkpoint after step 240' }).click()
      const checkpoint = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Save the checkpoint after step 240' }).click()
      expect((await checkpoint).suggestedFilename()).toBe(`order-${order.orderId}-step-240.safetensors`)
      await page.route('**/checkpoints/144', (route) => route.fulfill({ body: Buffer.from(tinyData(32, 3)) }))
      await page.getByRole('button', { name: 'Check the checkpoint after step 144' }).click()
      await page.getByRole('alert').filter({ hasText: 'not the checkpoint that was committed' }).waitFor()
      expect(await page.getByRole('button', { name: 'Save the checkpoint after step 144' }).count()).toBe(0)
      expect(complaints.filter((text) => !text.includes('404'))).toEqual([]) // the order is asked for before it is followed
      await trainFurther(page, order.orderId)
      await context.close()
    },
  )

  browserTest('error: what the contract refuses is said in its words, and nothing is lost', async () => {
    const owner = (await readMachine(await market.net.account(7), market.daemon.machineId)).owner
    await lend(owner)
    const { page, context } = await open(7, owner)
    await connect(page)
    await page.goto(`${market.server.url}/order/new`)
    await fillTinyJob(page)
    await toSign(page)
    await page.getByRole('button', { name: 'Sign and order' }).click()
    const alert = page.getByRole('alert').filter({ hasText: 'The contract refused' })
    await alert.waitFor()
    expect(await alert.textContent()).toMatch(/MarketBadTerms \(field buyer\).*No money moved/)
    await context.close()
  })

  browserTest('error: a transaction that was replaced or dropped is not waited for', async () => {
    const { page, context, wallet } = await open(6)
    await connect(page)
    await page.goto(`${market.server.url}/order/new`)
    await fillTinyJob(page)
    await toSign(page)
    const sign = page.getByRole('button', { name: 'Sign and order' })
    for (const [mode, words] of [
      ['replace', 'The transaction was replaced'],
      ['drop', 'The transaction was dropped'],
    ] as const) {
      wallet.mode = mode
      await sign.click()
      const alert = page.getByRole('alert').filter({ hasText: words })
      await alert.waitFor()
      expect(await alert.textContent()).toContain('Whether money moved is not known yet.')
    }
    await context.close()
  })
})

/** Lets the seller's own account be a wallet, with an allowance so that no permit is needed. */
const lend = async (owner: string): Promise<void> => {
  const { provider, deployment, fund } = market.net
  await fund(owner)
  await provider.send('anvil_impersonateAccount', [owner])
  const data = new Interface(devTokenAbi as InterfaceAbi).encodeFunctionData('approve', [
    deployment.balances,
    MaxUint256,
  ])
  await provider.send('eth_sendTransaction', [{ from: owner, to: deployment.token, data }])
}

const focusOn = async (page: Page, wanted: string, key = 'Tab', limit = 60): Promise<void> => {
  const walked: string[] = []
  for (let presses = 0; presses < limit; presses += 1) {
    const name = await page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement | null
      const label = element?.labels?.[0]?.textContent ?? element?.getAttribute('aria-label')
      return (label ?? element?.textContent ?? '').trim()
    })
    walked.push(name.slice(0, 30))
    if (name.startsWith(wanted)) return
    await page.keyboard.press(key)
  }
  throw new Error(`${wanted} not reached: ${walked.join(' | ')}`)
}

const press = async (page: Page, wanted: string, key = 'Enter'): Promise<void> => {
  await focusOn(page, wanted)
  await page.keyboard.press(key)
}

const type = async (page: Page, label: string, text: string): Promise<void> => {
  await focusOn(page, label)
  await page.keyboard.press('Control+A')
  await page.keyboard.type(text)
}

describe('ordering with the keyboard alone', () => {
  browserTest(
    'default: the devnet key orders, extends and stops; dialogs keep and give back the focus',
    async () => {
      const { page, context } = await open(5)
      await page.getByRole('button', { name: 'Remove filter: Offered' }).waitFor()
      await press(page, 'Connect wallet')
      await page.getByRole('dialog').waitFor()
      await press(page, 'Devnet key')
      await page.getByText('In the wallet').waitFor()
      await expectNoViolations(page, 'wallet dialog')
      await press(page, 'Get 1,000 DEV')
      await page.getByText('The coins are there.').waitFor()
      await page.keyboard.press('Escape')
      expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('DEV KEY')
      await press(page, 'Order')
      await page.getByRole('heading', { name: 'Order training' }).waitFor()
      await press(page, 'Use digits')
      await type(page, 'Segments drawn', '4')
      await press(page, 'Continue to Machine')
      await page.getByRole('radio').first().waitFor()
      await focusOn(page, 'Machine #')
      await page.keyboard.press('Space')
      await press(page, 'Continue to Review')
      await page.getByText('It is held by the contract').waitFor()
      await press(page, 'Continue to Sign')
      await page.getByRole('button', { name: 'Sign and order' }).waitFor()
      await page.waitForFunction(() => document.querySelector('button[disabled]') === null)
      await press(page, 'Sign and order')
      await page.waitForURL(/orders\/\d+$/)
      await page.getByRole('button', { name: 'Extend…' }).waitFor()
      await press(page, 'Extend')
      await page.getByText('The offer allows').waitFor()
      await expectNoViolations(page, 'extend dialog')
      await press(page, 'Sign and extend')
      await page.getByText('It may now take 20').waitFor()
      await page.keyboard.press('Escape')
      await press(page, 'Stop')
      await page.getByText('Training ends now').waitFor()
      await expectNoViolations(page, 'stop dialog')
      await press(page, 'Stop the order')
      await page.getByText('The order is stopped.').waitFor()
      const order = await settled(orderIdIn(page))
      expect([order.status, order.maxSeconds]).toEqual(['Cancelled', 1200])
      expect(order.payments.map(({ kind }) => kind)).toContain('escrow added')
      await context.close()
    },
  )
})

describe('wallets', () => {
  browserTest(
    'error: on another network nothing is signed; the wallet is asked to switch and to learn it',
    async () => {
      const { page, context, wallet } = await open(4)
      wallet.chainId = '0x1'
      await page.getByRole('button', { name: 'Connect wallet' }).click()
      await page.getByRole('button', { name: 'Test Wallet' }).click()
      await page.getByText('The wallet is on chain 1; the market is on chain 31337.').waitFor()
      await expectNoViolations(page, 'wrong network')
      await page.getByRole('button', { name: 'Switch to chain 31337' }).click()
      await page.getByText('In the wallet', { exact: true }).waitFor()
      expect(wallet.asked).toEqual(
        expect.arrayContaining(['wallet_switchEthereumChain', 'wallet_addEthereumChain']),
      )
      await context.close()
    },
  )

  browserTest('error: no to connecting, a locked wallet, and another account are each said', async () => {
    const { page, context, wallet } = await open(3)
    wallet.mode = 'reject'
    await page.getByRole('button', { name: 'Connect wallet' }).click()
    await page.getByRole('button', { name: 'Test Wallet' }).click()
    await page.getByText('You said no in the wallet').waitFor()
    wallet.mode = 'approve'
    await page.getByRole('button', { name: 'Test Wallet' }).click()
    await page.getByText('In the wallet', { exact: true }).waitFor()
    await emitWallet(page, 'accountsChanged', [])
    await page.getByText('Test Wallet shows no account.').waitFor()
    const other = (await market.net.account(2)).address
    await emitWallet(page, 'accountsChanged', [other])
    await page.getByTitle(other).waitFor()
    await context.close()
  })

  browserTest('behavior: the devnet key signs for no other chain, whatever asks', async () => {
    const { page, context } = await open(2)
    await page.route('**/api/rpc', async (route) => {
      const { method, id } = route.request().postDataJSON() as { method: string; id: number }
      if (method !== 'eth_chainId') return route.continue()
      return route.fulfill({ json: { jsonrpc: '2.0', id, result: '0x1' } })
    })
    await page.getByRole('button', { name: 'Connect wallet' }).click()
    await page.getByRole('button', { name: 'Devnet key' }).click()
    await page.getByText('The wallet is on another network').waitFor()
    expect(await page.evaluate(() => localStorage.getItem('trainyard.devKey'))).toBeNull()
    await context.close()
  })
})
