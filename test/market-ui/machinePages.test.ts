import { createHash } from 'node:crypto'
import { addMachine } from '@trainyard/contracts/addMachine.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { makeOffer } from '@trainyard/contracts/makeOffer.ts'
import { updateMachine } from '@trainyard/contracts/updateMachine.ts'
import { buildWeb } from '@trainyard/market-ui/buildWeb.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { parseEther } from 'ethers'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { cidOf } from './blockOf.ts'
import { browserTest, hasChromium, launchChromium, openPage } from './chromium.ts'
import { getMachines } from './getJson.ts'
import { inspectPage } from './inspectPage.ts'
import { putBlocks, sampleJob, sampleResult } from './sampleJob.ts'
import { auditedOrder } from './sceneDispute.ts'
import { type Scene, startScene } from './startScene.ts'
import { type ScriptedDaemon, startScriptedDaemon } from './startScriptedDaemon.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'
import { waitFor } from './waitFor.ts'

const GIB = 1024 ** 3
/** Sets a mark if any page ever takes it for markup; short, since regions and units are. */
const attack = '<img src=x onerror=hit=1>'
const gpu = {
  uuid: 'GPU-1',
  model: 'NVIDIA H200',
  memoryBytes: 139 * GIB,
  driverVersion: '580.65.06',
  cudaVersion: '13.0',
}
const specsOf = (changes: object) =>
  Buffer.from(
    canonicalBytes({
      version: 3,
      region: 'Oslo, Norway',
      cpu: { manufacturer: 'AMD', brand: 'EPYC 9654', cores: 192, physicalCores: 96 },
      memoryBytes: 1500 * GIB,
      diskBytes: 4000 * GIB,
      network: { linkMbps: null },
      os: { platform: 'linux', distro: 'Debian', release: '13', kernel: '6.12', arch: 'x64' },
      gpus: [gpu, { ...gpu, uuid: 'GPU-2' }],
      ...changes,
    }),
  )
const hashOf = (bytes: Buffer) => `0x${createHash('sha256').update(bytes).digest('hex')}`

let daemon: ScriptedDaemon
let scene: Scene
let server: TestServer
let browser: Browser

/** A machine with a record, GPUs and a benchmark; and one whose seller writes markup wherever a seller can write. */
beforeAll(async () => {
  if (!hasChromium) return
  const [webDir, started, launched] = await Promise.all([buildWeb(), startScriptedDaemon(), launchChromium()])
  ;[daemon, browser] = [started, launched]
  scene = await startScene(daemon.url)
  const orderId = await auditedOrder(scene)
  await scene.audit(orderId, () => 'pass')
  await scene.settle(orderId)
  const [good, hostile] = [specsOf({}), specsOf({ region: attack, gpus: [{ ...gpu, model: attack }] })]
  const hardwareClass = hardwareClassOf('canonical')
  const specs = { specHash: hashOf(good), specUri: cidOf(good), hardwareClass }
  await updateMachine(scene.seller, { machineId: scene.machineId, ...specs })
  await offer(scene.machineId)
  const { machineId } = await addMachine(scene.seller, {
    ...{ specHash: hashOf(hostile), specUri: cidOf(hostile), hardwareClass },
    endpoint: `${daemon.url}/hostile`,
  })
  await offer(machineId)
  daemon.answer((request, response) => {
    const isHostile = request.url?.startsWith('/hostile') ?? false
    response.end(JSON.stringify(healthOf(isHostile ? String(machineId) : String(scene.machineId), isHostile)))
  })
  server = await startTestServer({
    ...{ rpc: scene.net.rpcUrl, deployment: scene.deploymentPath, webDir },
    allowPrivateEndpoints: true,
    uptimeEverySeconds: 1,
  })
  await putBlocks(server.url, [good, hostile, sampleJob.bytes, sampleResult.metrics, sampleResult.index])
  await waitFor(
    () => getMachines(server.url),
    ({ machines }) =>
      machines.length === 2 &&
      machines[0]?.proved !== null &&
      machines.every(({ specs, uptime, proofModes }) => specs && uptime && proofModes),
  )
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await server?.close()
  await scene?.stop()
  await daemon?.stop()
})

const offer = (machineId: bigint) =>
  makeOffer(scene.seller, {
    machineId,
    pricePerHourWei: parseEther('3.6'),
    minSeconds: 60,
    maxSeconds: 7200,
    expiresAt: 4_000_000_000,
  })

const healthOf = (machineId: string, isHostile: boolean) => ({
  seller: scene.seller.address,
  machines: [{ machineId, name: attack }],
  version: attack,
  benchmark: {
    measuredAt: '2026-11-30T12:00:00.000Z',
    note: attack,
    figures: [
      {
        id: 'training',
        unit: isHostile ? attack.slice(0, 20) : 'samples/s',
        median: 52_110,
        lowest: 47_300,
        highest: 53_020,
        runs: 3,
      },
    ],
  },
})

const hits = (page: Page) =>
  page.evaluate(() => ['hit' in window, document.querySelectorAll('main img, main script').length])

describe('what is known of a machine', () => {
  browserTest(
    'default: the list has hardware, price, record, uptime, proof and region in a row',
    async () => {
      await using opened = await openPage(browser, server.url, { viewport: { width: 1280, height: 900 } })
      const { page } = opened
      const row = page.locator('tr', { hasText: '#1' }).first()
      await row.waitFor()
      const text = ((await row.textContent()) ?? '').replaceAll('\u00a0', ' ')
      for (const said of [
        '2 x H200, 139 GiB',
        'driver 580.65.06 · CUDA 13.0',
        'Oslo, Norway · 4,000 GiB disk',
        '3.6 DEV / hour',
        '1.8 DEV / GPU',
        'no credits',
        '100.0 % of 1',
        'at least',
        'in 7 d',
        '2 h',
        'bitwise',
        /last \d+ (s|min|h) ago/,
      ])
        expect(text).toMatch(said)
      expect(await page.locator('main dl').first().textContent()).toContain('H200, an hour')
    },
  )

  browserTest('default: its page keeps apart what audits checked and what the seller says', async () => {
    await using opened = await openPage(browser, `${server.url}/machines/1`)
    const { page } = opened
    for (const slow of ['samples/s', 'never measured', 'Completed'])
      await page.getByText(slow).first().waitFor()
    const text = ((await page.textContent('main')) ?? '').replaceAll('\u00a0', ' ')
    for (const said of [
      'Oslo, Norway, as declared: nothing checks it',
      '2 x NVIDIA H200, 139 GiB each, driver 580.65.06, CUDA 13.0',
      'Matrix speednever measured',
      'Nobody checked it: this is a claim.',
      '52,110 samples/s',
      '47,300 to 53,020',
      'bitwise: 3 auditors of its class',
      'of 1 proved order',
      'questions answered',
      'Last sign of life on the chainnever',
    ])
      expect(text).toContain(said)
    expect(text).toMatch(/#1 digits.*Completed.*40.*1[0-2].*steps\/s/)
    expect(text).toMatch(/Fees burned behind this record0\.\d+ DEV/)
    expect(await page.locator('[aria-label="Uptime day by day"] li').count()).toBe(30)
    expect(opened.complaints).toEqual([])
    await inspectPage(page, 'machine', true)
  })

  browserTest('error: a region, a model, a unit are text wherever they are shown', async () => {
    const pages = [
      ['/', '#2'],
      ['/machines/2', 'Speed'],
      [
        `/?region=${encodeURIComponent(attack)}&driver=${encodeURIComponent(attack)}&state=any`,
        'Filter and sort',
      ],
    ] as const
    for (const [path, ready] of pages) {
      await using opened = await openPage(browser, server.url + path)
      const { page } = opened
      await page.getByText(ready).first().waitFor()
      await page.getByText(attack.slice(0, 20)).first().waitFor()
      expect([path, await hits(page), opened.complaints]).toEqual([path, [false, 0], []])
    }
  })

  browserTest('behavior: by keyboard from the filters to a rank, its reasons, and the machine', async () => {
    await using opened = await openPage(browser, server.url)
    const { page } = opened
    await page.getByRole('link', { name: '#2', exact: true }).waitFor()
    await page.getByText('Filter and sort').focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Region').focus()
    await page.keyboard.type('oslo')
    await page.getByRole('button', { name: 'Remove filter: Region oslo' }).waitFor()
    expect(new URL(page.url()).searchParams.get('region')).toBe('oslo')
    expect(await page.getByRole('link', { name: '#2', exact: true }).count()).toBe(0)
    await inspectPage(page, 'market of one machine', true)
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.getByRole('button', { name: /^Rank \d: why\?/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('Nobody can pay for a rank.').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/machines/1')
  })

  browserTest('behavior: a machine that stops answering is seen to be down', async () => {
    await using opened = await openPage(browser, `${server.url}/machines/1`)
    const { page } = opened
    await page.getByText(/ago: it answered/).waitFor()
    daemon.answer((_request, response) => void response.writeHead(503).end())
    await page.getByText(/ago: no answer; the last one/).waitFor()
  })
})
