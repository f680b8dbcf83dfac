import { createHash } from 'node:crypto'
import { addMachine } from '@trainyard/contracts/addMachine.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { makeOffer } from '@trainyard/contracts/makeOffer.ts'
import { buildWeb } from '@trainyard/market-ui/buildWeb.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { parseEther } from 'ethers'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { cidOf } from './blockOf.ts'
import { browserTest, hasChromium, launchChromium, openPage } from './chromium.ts'
import { getMachines, getOrder } from './getJson.ts'
import { putBlocks, sampleJob } from './sampleJob.ts'
import { type Scene, startScene } from './startScene.ts'
import { type ScriptedDaemon, startScriptedDaemon } from './startScriptedDaemon.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'
import { installWallet } from './testWallet.ts'
import { waitFor } from './waitFor.ts'

/** Sets a mark if any page ever takes it for markup. */
const attack = '"><img src=x onerror="window.hit=1"><svg onload=window.hit=1><script>window.hit=1</script>'
const script = 'javascript:window.hit=1'

let daemon: ScriptedDaemon
let scene: Scene
let server: TestServer
let browser: Browser
let addedTx: string

/** Everything a stranger can write: specification, endpoint, job, log, state, result. */
beforeAll(async () => {
  if (!hasChromium) return
  const [webDir, started, launched] = await Promise.all([buildWeb(), startScriptedDaemon(), launchChromium()])
  ;[daemon, browser] = [started, launched]
  scene = await startScene(daemon.url)
  server = await startTestServer({
    rpc: scene.net.rpcUrl,
    deployment: scene.deploymentPath,
    webDir,
    allowPrivateEndpoints: true,
  })
  const text = `${attack} ${script}`.slice(0, 200)
  const specs = Buffer.from(
    canonicalBytes({
      version: 1,
      cpu: { brand: text, cores: 1, physicalCores: 1 },
      memoryBytes: 1,
      diskBytes: 1,
      os: { platform: text, distro: text, release: text, kernel: text, arch: text },
      gpus: [
        { model: text, uuid: text, memoryBytes: 1, driverVersion: text, cudaVersion: text, powerLimitW: 1 },
      ],
    }),
  )
  const job = Buffer.from(
    canonicalBytes({ ...(JSON.parse(sampleJob.bytes.toString()) as object), name: attack.slice(0, 64) }),
  )
  const metrics = Buffer.from(canonicalBytes({ accuracy: attack, correct: 1, total: 1, loss: 1 }))
  const index = Buffer.from(canonicalBytes({ model: attack.slice(0, 100), metrics: cidOf(metrics) }))
  await putBlocks(server.url, [specs, job, metrics, index])
  const hash = (bytes: Buffer) => `0x${createHash('sha256').update(bytes).digest('hex')}`
  const added = await addMachine(scene.seller, {
    specHash: hash(specs),
    specUri: attack,
    hardwareClass: hardwareClassOf('canonical'),
    endpoint: script + attack.slice(0, 80),
  })
  addedTx = added.hash
  await makeOffer(scene.seller, {
    machineId: added.machineId,
    pricePerHourWei: parseEther('3.6'),
    minSeconds: 60,
    maxSeconds: 7200,
    expiresAt: 4_000_000_000,
  })
  const orderId = await scene.place({ hash: hash(job), cid: cidOf(job) })
  daemon.say('state', { phase: attack.slice(0, 40), message: attack })
  daemon.say('log', {
    line: `${attack}\u001b[31mred\u001b[0m\u001b]8;;${script}\u0007link\u001b]8;;\u0007`,
    stream: 'stderr',
    at: 1,
  })
  daemon.say('log', { line: 'hidden \u202Etxt.exe', stream: attack.slice(0, 16), at: attack.slice(0, 40) })
  await scene.start(orderId)
  await scene.commit(orderId, [0, 1, 2, 3, 4, 5, 6, 7])
  await scene.complete(orderId, cidOf(index))
  await waitFor(
    () => getOrder(server.url, orderId),
    ({ result }) => result !== null && result !== undefined,
  )
  await waitFor(
    () => getMachines(server.url),
    ({ machines }) => machines.length === 2 && machines[1]?.specs !== null,
  )
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await server?.close()
  await scene?.stop()
  await daemon?.stop()
})

const hits = (page: Page) =>
  page.evaluate(() => ({
    hit: 'hit' in window,
    made: document.querySelectorAll('main script, main img[src="x"], main svg[onload]').length,
    links: [...document.querySelectorAll('a')]
      .map((link) => new URL(link.href).protocol)
      .filter((kind) => kind !== 'http:'),
  }))

describe('text that strangers write', () => {
  browserTest(
    'error: is shown as text on every page, and never becomes markup, a script or a link',
    async () => {
      const pages = [
        ['/', 'onerror'],
        ['/machines/2', 'onerror'],
        ['/orders/1', 'onerror'],
        ['/orders/1?tab=logs', 'onerror'],
        ['/orders/1?tab=results', 'Checkpoints'],
        ['/audit', 'Proof feed'],
        [`/tx/${addedTx}`, 'machines.MachineAdded'],
        ['/order/new?machine=2', 'Continue to Machine'],
        [`/?gpu=${encodeURIComponent(attack)}&q=${encodeURIComponent(attack)}`, 'match'],
      ] as const
      for (const [path, ready] of pages) {
        await using opened = await openPage(browser, server.url + path)
        await opened.page.waitForSelector(`text=${ready}`)
        expect([path, await hits(opened.page)]).toEqual([path, { hit: false, made: 0, links: [] }])
        expect([path, opened.complaints]).toEqual([path, []])
      }
    },
  )

  browserTest(
    "error: a log's escape sequences and direction marks are taken out, its text stays",
    async () => {
      await using opened = await openPage(browser, `${server.url}/orders/1?tab=logs`)
      const log = opened.page.getByLabel('Log of the job')
      await log.getByText('hidden').waitFor()
      const text = (await log.textContent()) ?? ''
      expect(text).toContain(`${attack}redlink`)
      expect(text).toContain('hidden txt.exe')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
      expect(text).not.toMatch(/[\u0000-\u0008\u001b\u202e]/)
    },
  )

  browserTest(
    "error: a wallet's name, icon and error text are text too, and none may call itself the devnet key",
    async () => {
      const context = await browser.newContext()
      await installWallet(context, { rpcUrl: scene.net.rpcUrl, account: scene.buyer.address, name: attack })
      await context.addInitScript((said) => {
        const say = (rdns: string, icon: string) =>
          dispatchEvent(
            new CustomEvent('eip6963:announceProvider', {
              detail: {
                info: { uuid: rdns, name: `Evil ${said}`, icon, rdns },
                provider: {
                  request: async () => Promise.reject(Object.assign(new Error(said), { code: -32603 })),
                },
              },
            }),
          )
        addEventListener('eip6963:requestProvider', () => {
          say('trainyard.devkey', 'data:image/png;base64,')
          say('evil.example', 'javascript:window.hit=1')
        })
      }, attack)
      const page = await context.newPage()
      await page.goto(server.url)
      await page.getByRole('button', { name: 'Connect wallet' }).click()
      await page.getByRole('button', { name: 'Devnet key' }).waitFor()
      expect(await page.getByRole('button', { name: 'Evil' }).count()).toBe(1)
      expect(
        await page
          .locator('dialog img')
          .evaluateAll((all) => all.map((one) => one.getAttribute('src')?.slice(0, 11))),
      ).toEqual(['data:image/', 'data:image/'])
      await page.getByRole('button', { name: 'Evil' }).click()
      await page.getByRole('alert').filter({ hasText: 'onerror' }).waitFor()
      expect((await hits(page)).hit).toBe(false)
      await context.close()
    },
  )
})
