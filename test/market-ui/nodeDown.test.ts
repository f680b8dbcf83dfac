import { buildWeb } from '@trainyard/market-ui/buildWeb.ts'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { browserTest, hasChromium, launchChromium } from './chromium.ts'
import { expectNoViolations } from './expectNoViolations.ts'
import { getOrder } from './getJson.ts'
import { putBlocks, sampleJob } from './sampleJob.ts'
import { type Scene, startScene } from './startScene.ts'
import { type Switch, startSwitch } from './startSwitch.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'
import { installWallet } from './testWallet.ts'
import { waitFor } from './waitFor.ts'

let scene: Scene
let gate: Switch
let server: TestServer
let browser: Browser

beforeAll(async () => {
  if (!hasChromium) return
  let webDir: string
  ;[webDir, browser] = await Promise.all([buildWeb(), launchChromium()])
  scene = await startScene('http://127.0.0.1:9', { confirmSeconds: 3_600 })
  gate = await startSwitch(scene.net.rpcUrl)
  server = await startTestServer({ rpc: gate.url, deployment: scene.deploymentPath, webDir })
  await putBlocks(server.url, [sampleJob.bytes])
  await scene.place(sampleJob)
  await waitFor(
    () => getOrder(server.url, 1),
    ({ status }) => status === 'Preparing',
  )
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await server?.close()
  await gate?.stop()
  await scene?.stop()
})

describe('a node that goes away', () => {
  browserTest(
    'error: between sending and the block is said, nothing is sent again, and the end is seen once it is back',
    async () => {
      const context = await browser.newContext({ reducedMotion: 'reduce' })
      const wallet = await installWallet(context, { rpcUrl: gate.url, account: scene.buyer.address })
      const page = await context.newPage()
      page.setDefaultTimeout(30_000)
      await page.goto(`${server.url}/orders/1`)
      await page.getByRole('button', { name: 'Connect wallet' }).click()
      await page.getByRole('button', { name: 'Test Wallet' }).click()
      await page.getByRole('heading', { name: 'Your wallet' }).waitFor()
      await page.keyboard.press('Escape')
      await scene.net.provider.send('evm_setAutomine', [false])
      await page.getByRole('button', { name: 'Stop…' }).click()
      await page.getByRole('button', { name: 'Stop the order' }).click()
      await page.getByText('Sent. Waiting for a block').waitFor()
      gate.target = undefined
      await page.getByText('The chain does not answer.').waitFor()
      expect(await page.getByText('Sent. Waiting for a block').count()).toBe(1)
      await expectNoViolations(page, 'node gone in the middle of a transaction')
      gate.target = scene.net.rpcUrl
      await scene.net.provider.send('evm_setAutomine', [true])
      await scene.net.mine()
      await page.getByText('The order is stopped.').waitFor()
      await page.getByText('The chain does not answer.').waitFor({ state: 'detached' })
      expect((await getOrder(server.url, 1)).status).toBe('Cancelled')
      expect(wallet.asked.filter((method) => method === 'eth_sendTransaction')).toHaveLength(1)
      await context.close()
    },
  )
})
