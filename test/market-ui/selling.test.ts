import { readFile } from 'node:fs/promises'
import { buildWeb } from '@trainyard/market-ui/buildWeb.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { browserTest, hasChromium, launchChromium } from './chromium.ts'
import { expectNoViolations } from './expectNoViolations.ts'
import { getMachines } from './getJson.ts'
import { putBlocks, sampleJob } from './sampleJob.ts'
import { type Scene, startScene } from './startScene.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'
import { installWallet } from './testWallet.ts'

let scene: Scene
let server: TestServer
let browser: Browser

beforeAll(async () => {
  if (!hasChromium) return
  const [webDir, launched] = await Promise.all([buildWeb(), launchChromium()])
  browser = launched
  scene = await startScene('https://seller.example')
  server = await startTestServer({ rpc: scene.net.rpcUrl, deployment: scene.deploymentPath, webDir })
  await putBlocks(server.url, [sampleJob.bytes])
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await server?.close()
  await scene?.stop()
})

const openAs = async (account: string, path: string): Promise<Page> => {
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  await installWallet(context, { rpcUrl: scene.net.rpcUrl, account })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(server.url + path)
  await page.getByRole('main').getByRole('button', { name: 'Test Wallet' }).click()
  return page
}

const machine = (machineId: number) =>
  getMachines(server.url).then(({ machines }) => machines.find((one) => one.machineId === String(machineId)))

describe('selling', () => {
  browserTest(
    'default: a seller stakes, lists a machine, offers it, changes its price, and takes it off',
    async () => {
      const { address } = await scene.net.account(7)
      const page = await openAs(address, '/sell')
      await page.getByText('This account has registered no machine').waitFor()
      await page.getByRole('button', { name: 'Add to the stake' }).click()
      await page.getByText('It is staked.').waitFor()
      await page.getByRole('button', { name: 'Register the machine' }).click()
      await page.getByText('an http or https address').waitFor()
      await page.getByLabel('Endpoint').fill('https://mine.example')
      await page.getByLabel('Processor').fill('Testcore')
      await page.getByRole('button', { name: 'Register the machine' }).click()
      const own = page.getByRole('region', { name: 'Machine 2' })
      await own.getByText('Not visible to buyers').waitFor()
      await own.getByText('Testcore').waitFor()
      await own.getByText('Orders: 0 done, 0 failed, 0 expired.').waitFor()
      for (const [price, button] of [
        ['7.5', 'Offer it'],
        ['5', 'Change the price'],
      ] as const) {
        await own.getByLabel('Price, DEV an hour').fill(price)
        await own.getByRole('button', { name: button }).click()
        await own.getByText(`Visible in the market at ${price} DEV / hour`).waitFor()
      }
      await expectNoViolations(page, 'sell')
      await own.getByRole('button', { name: 'Why this rank?' }).click()
      await page.getByText('Reliability x uptime x price').waitFor()
      await expectNoViolations(page, 'why this rank')
      await page.keyboard.press('Escape')
      await own.getByRole('button', { name: 'Take it off the market' }).click()
      await own.getByText('Not visible to buyers').waitFor()
      expect(await machine(2)).toMatchObject({
        owner: address,
        offer: null,
        endpoint: 'https://mine.example',
      })
      await page.context().close()
    },
  )

  browserTest('default: earnings tell pending from paid, and what is free can be taken out', async () => {
    const { seller } = scene
    const orderId = await scene.place(sampleJob)
    const page = await openAs(seller.address, '/sell')
    const earnings = page.getByRole('region', { name: 'Earnings' })
    await earnings.getByText('3.6 DEV').waitFor() // an hour at 3.6
    await scene.start(orderId)
    await scene.commit(orderId, [0, 1, 2, 3, 4, 5, 6, 7])
    await scene.complete(orderId, '')
    await scene.audit(orderId, () => 'pass')
    await scene.settle(orderId)
    await earnings.getByText('held for 0 open orders').waitFor()
    await earnings.getByRole('button', { name: 'Take out what is free' }).click()
    await earnings.getByText('It is in your wallet.').waitFor()
    await page.getByRole('link', { name: 'My jobs' }).click()
    await page.getByText('This account has no orders yet.').waitFor()
    await expectNoViolations(page, 'my jobs')
    await page.context().close()
  })

  browserTest(
    'default: a buyer finds its jobs and what they cost; the feed has them with their transactions',
    async () => {
      const page = await openAs(scene.buyer.address, '/jobs')
      await page.getByRole('link', { name: '#1 digits' }).waitFor()
      const sums = (await page.locator('main dl').textContent()) ?? ''
      expect(sums).toMatch(/Open0Held for open jobs0 DEVPaid to sellers0\.\d+ DEVCame back\d/)
      await page.getByRole('link', { name: 'Audit' }).click()
      await page
        .getByRole('region', { name: 'Proof feed' })
        .getByRole('button', { name: /^Show all/ })
        .click()
      for (const what of ['Settled', 'Verdicts revealed', 'Auditors drawn', 'Window committed'])
        await page.getByRole('rowheader', { name: what }).first().waitFor()
      const auditors = page.getByRole('region', { name: 'Auditors' })
      await auditors.getByText('1 order').first().waitFor()
      expect(await auditors.textContent()).toMatch(/1 order1[\d.]+ DEV/)
      await page.getByRole('link', { name: 'Settings' }).click()
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Export my orders (CSV)' }).click()
      const csv = await readFile(await (await download).path(), 'utf8')
      expect(csv.split('\r\n')[1]).toMatch(/^1,digits,buyer,Completed,1,/)
      await page.context().close()
    },
  )
})
