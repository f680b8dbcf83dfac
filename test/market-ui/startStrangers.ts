import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { addMachine } from '@trainyard/contracts/addMachine.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { makeOffer } from '@trainyard/contracts/makeOffer.ts'
import { updateMachine } from '@trainyard/contracts/updateMachine.ts'
import { buildWeb } from '@trainyard/market-ui/buildWeb.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { parseEther } from 'ethers'
import type { Browser } from 'playwright-core'
import { cidOf } from './blockOf.ts'
import { launchChromium } from './chromium.ts'
import { getMachines, getOrder } from './getJson.ts'
import { putBlocks, sampleJob, sampleResult } from './sampleJob.ts'
import { auditedOrder } from './sceneDispute.ts'
import { type Scene, startScene } from './startScene.ts'
import { type ScriptedDaemon, startScriptedDaemon } from './startScriptedDaemon.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'
import { waitFor } from './waitFor.ts'

/** Each sets a mark if any page ever takes it for markup or follows it; the short one is for regions, models and units. */
export const attack =
  '"><img src=x onerror="window.hit=1"><svg onload=window.hit=1><script>window.hit=1</script>'
export const shortAttack = '<img src=x onerror=hit=1>'
/** A whole element, since half of one is nothing to a parser either; units are of 20 characters at most. */
const unitAttack = '<img src=x>'
const script = 'javascript:window.hit=1'

const GIB = 1024 ** 3
const hardwareClass = hardwareClassOf('canonical')
const gpu = {
  uuid: 'GPU-1',
  model: 'NVIDIA H200',
  memoryBytes: 139 * GIB,
  driverVersion: '580.65.06',
  cudaVersion: '13.0',
}

/**
 * A market in which machine 1 has a record, GPUs and a benchmark; on machine 2 the seller writes markup wherever today's
 * sellers can write, on machine 3 in the first form of specifications and in its endpoint; order 1 is settled, and order 2
 * has markup in its job, log, state and result.
 */
export type Strangers = {
  readonly daemon: ScriptedDaemon
  readonly scene: Scene
  readonly server: TestServer
  readonly browser: Browser
  /** Registered machine 3. */
  readonly addedTx: string
  stop: () => Promise<void>
}

export const startStrangers = async (): Promise<Strangers> => {
  const [webDir, daemon, browser] = await Promise.all([buildWeb(), startScriptedDaemon(), launchChromium()])
  const scene = await startScene(daemon.url)
  const server = await startTestServer({
    ...{ rpc: scene.net.rpcUrl, deployment: scene.deploymentPath, webDir },
    allowPrivateEndpoints: true,
    uptimeEverySeconds: 1,
  })
  await putBlocks(server.url, [sampleJob.bytes, sampleResult.metrics, sampleResult.index])
  await scene.audit(await auditedOrder(scene), () => 'pass')
  await scene.settle(1n)
  await orderWithMarkup(scene, daemon, server.url)
  const addedTx = await listMachines(scene, daemon.url, server.url)
  daemon.answer((request, response) => answerHealth(scene.seller.address, request, response))
  await waitFor(
    () => getMachines(server.url),
    ({ machines }) =>
      machines.length === 3 &&
      machines[0]?.proved !== null &&
      machines.every(({ specs, proofModes }) => specs && proofModes) &&
      machines.slice(0, 2).every(({ uptime }) => uptime),
  )
  const stop = async () => {
    await browser.close()
    await server.close()
    await scene.stop()
    await daemon.stop()
  }
  return { daemon, scene, server, browser, addedTx, stop }
}

const hashOf = (bytes: Buffer) => `0x${createHash('sha256').update(bytes).digest('hex')}`
const published = (bytes: Buffer) => ({ specHash: hashOf(bytes), specUri: cidOf(bytes), hardwareClass })

/** Everything that a stranger can write about an order. */
const orderWithMarkup = async (scene: Scene, daemon: ScriptedDaemon, url: string): Promise<void> => {
  const sample = JSON.parse(sampleJob.bytes.toString()) as object
  const job = Buffer.from(canonicalBytes({ ...sample, name: attack.slice(0, 64) }))
  const metrics = Buffer.from(canonicalBytes({ accuracy: attack, correct: 1, total: 1, loss: 1 }))
  const index = Buffer.from(canonicalBytes({ model: attack.slice(0, 100), metrics: cidOf(metrics) }))
  await putBlocks(url, [job, metrics, index])
  const orderId = await scene.place({ hash: hashOf(job), cid: cidOf(job) })
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
    () => getOrder(url, orderId),
    ({ result }) => result !== null && result !== undefined,
  )
}

const listMachines = async (scene: Scene, daemonUrl: string, url: string): Promise<string> => {
  const [good, hostile] = [
    specsOf({}),
    specsOf({ region: shortAttack, gpus: [{ ...gpu, model: shortAttack }] }),
  ]
  const first = firstFormSpecs(`${attack} ${script}`.slice(0, 200))
  await putBlocks(url, [good, hostile, first])
  await updateMachine(scene.seller, { machineId: scene.machineId, ...published(good) })
  await offer(scene, scene.machineId)
  const second = await addMachine(scene.seller, { ...published(hostile), endpoint: `${daemonUrl}/hostile` })
  await offer(scene, second.machineId)
  const endpoint = script + attack.slice(0, 80)
  const third = await addMachine(scene.seller, { ...published(first), specUri: attack, endpoint })
  await offer(scene, third.machineId)
  return third.hash
}

const offer = (scene: Scene, machineId: bigint) =>
  makeOffer(scene.seller, {
    machineId,
    pricePerHourWei: parseEther('3.6'),
    minSeconds: 60,
    maxSeconds: 7200,
    expiresAt: 4_000_000_000,
  })

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

const firstFormSpecs = (text: string) =>
  Buffer.from(
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

/** Leaves event streams to the daemon. */
const answerHealth = (seller: string, { url = '' }: IncomingMessage, response: ServerResponse): boolean => {
  if (!url.endsWith('/health')) return false
  const isHostile = url.startsWith('/hostile')
  const figure = { median: 52_110, lowest: 47_300, highest: 53_020, runs: 3 }
  const unit = isHostile ? unitAttack : 'samples/s'
  const health = {
    seller,
    machines: [{ machineId: isHostile ? '2' : '1', name: shortAttack }],
    version: shortAttack,
    benchmark: {
      measuredAt: '2026-11-30T12:00:00.000Z',
      note: shortAttack,
      figures: [{ id: 'training', unit, ...figure }],
    },
  }
  response.end(JSON.stringify(health))
  return true
}
