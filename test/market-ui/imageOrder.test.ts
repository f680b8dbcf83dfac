import { createHash } from 'node:crypto'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { buildWeb } from '@trainyard/market-ui/buildWeb.ts'
import { type ImageJob, jobSchema } from '@trainyard/verifier/job.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import type { AnyJob } from '@trainyard/verifier/rental.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { createSay } from '../../client/src/cli/say.ts'
import { tellImageRecord } from '../../client/src/cli/tellImageRecord.ts'
import { cidOf } from './blockOf.ts'
import { browserTest, hasChromium, launchChromium } from './chromium.ts'
import { expectNoViolations } from './expectNoViolations.ts'
import { getImage, getOrder } from './getJson.ts'
import { putBlocks } from './sampleJob.ts'
import { unhurried } from './sceneDispute.ts'
import { type Scene, startScene } from './startScene.ts'
import { type ScriptedDaemon, startScriptedDaemon } from './startScriptedDaemon.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'
import { installWallet } from './testWallet.ts'
import { waitFor } from './waitFor.ts'

const image = `sha256:${'ab'.repeat(32)}`
const cid = cidOf(Buffer.from('data'))
const job = jobSchema.parse({
  ...{ version: 2, name: 'letters', environment: { profile: 'image', image } },
  ...{ model: { kind: 'chargpt', layers: 2 }, hyperparameters: { batchSize: 16, learningRate: 0.001 } },
  ...{ data: { train: { cid }, heldOut: { cid } }, seed: `0x${'01'.repeat(32)}` },
  ...{ steps: 1280, stepsPerSegment: 32, segmentsPerWindow: 5, proof: { mode: 'bitwise', draws: 10 } },
  ...{ access: 'public', checkpointBytes: 1024 * 1024 },
}) as ImageJob

let scene: Scene
let server: TestServer
let daemon: ScriptedDaemon
let browser: Browser
/** What the machine's daemon says of its images; undefined: it does not answer. */
let says: object | undefined

beforeAll(async () => {
  if (!hasChromium) return
  daemon = await startScriptedDaemon()
  daemon.answer(({ url }, response) => {
    if (url !== '/health') return false
    if (!says) return response.writeHead(503).end()
    const machines = [{ machineId: '1', ...says }]
    return response.end(JSON.stringify({ seller: scene.seller.address, machines }))
  })
  let webDir: string
  ;[webDir, browser] = await Promise.all([buildWeb(), launchChromium()])
  scene = await startScene(daemon.url, unhurried)
  const { rpcUrl: rpc } = scene.net
  const places = { rpc, deployment: scene.deploymentPath, webDir }
  server = await startTestServer({ ...places, allowPrivateEndpoints: true })
  await auditedOrder()
}, 240_000)

afterAll(async () => {
  await browser?.close()
  await server?.close()
  await scene?.stop()
  await daemon?.stop()
})

/** Order 1, of the image: passed by its auditors. */
async function auditedOrder(): Promise<void> {
  const bytes = Buffer.from(canonicalBytes(job))
  await putBlocks(server.url, [bytes])
  const hash = `0x${createHash('sha256').update(bytes).digest('hex')}`
  const orderId = await scene.place({ hash, cid: cidOf(bytes) })
  await scene.start(orderId)
  await scene.commit(orderId, [0, 1, 2, 3, 4, 5, 6, 7])
  await scene.complete(orderId, cidOf(Buffer.from('result')))
  await scene.audit(orderId, () => 'pass')
  await scene.settle(orderId)
  await waitFor(
    () => getOrder(server.url, 1),
    ({ settledAt }) => settledAt > 0,
    60_000,
  )
}

/** The same job once more, up to its review. */
async function review(page: Page): Promise<void> {
  await page.goto(`${server.url}/order/new?from=1`)
  await page.getByLabel('Image', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Continue to Machine' }).click()
  await page.getByRole('radio').first().check()
  await page.getByRole('button', { name: 'Continue to Review' }).click()
  await page.getByRole('heading', { name: 'Its image' }).waitFor()
  await page.getByText('It is held by the contract').waitFor()
}

describe('an order of an image', () => {
  browserTest(
    'default: the page lets the seller vouch where its machine says that it does, and says what is known',
    async () => {
      const context = await browser.newContext({ reducedMotion: 'reduce' })
      await installWallet(context, { rpcUrl: scene.net.rpcUrl, account: scene.buyer.address })
      const page = await context.newPage()
      page.setDefaultTimeout(30_000)

      says = undefined
      await review(page)
      await page.getByText('did not say whether it takes this image').waitFor()
      await page.getByText('does not answer for this image').waitFor()
      await page
        .getByText('with this image on machines of this class, auditors passed 1, and 0 ended')
        .waitFor()

      says = { images: [], vouchedImages: [] }
      await review(page)
      await page.getByText('it does not take this image: it will refuse the order').waitFor()

      says = { images: [image], vouchedImages: [image] }
      await review(page)
      await page.getByText('The machine says that it takes this image.').waitFor()
      await page.getByText('The seller answers for this image with its stake').waitFor()
      await page.getByText('If the audit proves fraud').waitFor()
      await expectNoViolations(page, 'review of an image')
      await page.getByRole('button', { name: 'Continue to Sign' }).click()
      await page.getByRole('button', { name: 'Connect wallet' }).click()
      await page.getByRole('button', { name: 'Test Wallet' }).first().click()
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Sign and order' }).click()
      await page.waitForURL(/orders\/\d+$/)
      const { terms } = await readOrder(scene.buyer, 2n)
      expect(terms).toMatchObject({ vouched: true, mode: 'Bitwise' })
      await context.close()
    },
  )

  browserTest(
    'default: the command line says what became of orders of the image; nothing where no market answers',
    async () => {
      const said: string[] = []
      const say = createSay(false, { stdout: (line) => said.push(line), stderr: () => undefined })
      const { offerId } = await readMachine(scene.buyer, 1n)
      const tell = (store: string, what: AnyJob = job) =>
        tellImageRecord(say, { context: scene.buyer, store, offerId, job: what })
      await tell(server.url)
      await tell(server.url, {
        ...job,
        environment: { ...job.environment, image: `sha256:${'cd'.repeat(32)}` },
      })
      await tell('http://127.0.0.1:1')
      await tell(daemon.url)
      const [known, never, ...nobody] = said
      expect(known).toMatch(/ auditors passed 1, and 0 ended unaudited\./)
      expect(never).toMatch(/^No order with this image was audited .*: if none of the drawn auditors has it/)
      expect(nobody).toEqual(
        Array(2).fill(expect.stringMatching(/^Whether auditors have this image is not known: if none/)),
      )
    },
  )

  browserTest(
    'error: what a machine says wrongly of its images says nothing; an image is named by its Id',
    async () => {
      says = { images: 'all', vouchedImages: [image] }
      const ask = (named: string) => getImage(server.url, 1, named)
      expect(await ask(image)).toEqual({ takes: null, vouches: true, passed: 1, unaudited: 0 })
      says = { images: Array.from({ length: 65 }, () => image), vouchedImages: 7 }
      expect(await ask(image)).toMatchObject({ takes: null, vouches: false })
      const bad = await fetch(`${server.url}/api/machines/1/image?image=latest`)
      expect([bad.status, (await bad.json()).suggestion]).toEqual([400, 'Send ?image=sha256: and 64 digits.'])
    },
  )
})
