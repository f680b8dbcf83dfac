import { findings } from '@trainyard/contracts/findings.ts'
import { interfaces } from '@trainyard/contracts/pallets.ts'
import { buildWeb } from '@trainyard/market-ui/buildWeb.ts'
import type { Browser } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { getOrder } from './getJson.ts'
import { putBlocks, sampleJob, sampleResult } from './sampleJob.ts'
import { auditedOrder, challengeSegment, decide, drawScenesJury, unhurried } from './sceneDispute.ts'
import { type Scene, startScene } from './startScene.ts'
import { type ScriptedDaemon, sayRun, startScriptedDaemon } from './startScriptedDaemon.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'
import { waitFor } from './waitFor.ts'

/** An order whose seller a jury convicted, a completed one, and one that trains: what a market looks like. */
export const failed = 1n
export const completed = 2n
export const training = 3n

export type Pages = {
  readonly webDir: string
  readonly daemon: ScriptedDaemon
  readonly scene: Scene
  readonly server: TestServer
  /** a server without a chain */
  readonly empty: TestServer
  readonly browser: Browser
  /** of a settlement, and of a call that the chain undid */
  readonly settledTx: string
  readonly undoneTx: string
  stop: () => Promise<void>
}

/** A market with these three orders, its pages, and a browser. What was started before something fails is stopped. */
export async function startPages(): Promise<Pages> {
  const ends: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  const started = <T>(what: T, end: (what: T) => Promise<void>): T => {
    ends.push(() => end(what))
    return what
  }
  try {
    const webDir = await buildWeb()
    const daemon = started(await startScriptedDaemon(), (one) => one.stop())
    const scene = started(await startScene(daemon.url, unhurried), (one) => one.stop())
    const market = { rpc: scene.net.rpcUrl, deployment: scene.deploymentPath, allowPrivateEndpoints: true }
    const server = started(await startTestServer({ ...market, webDir }), (one) => one.close())
    const empty = started(await startTestServer({ webDir }), (one) => one.close())
    const browser = started(await launchChromium(), (one) => one.close())
    const transactions = await fill(daemon, scene, server)
    return { webDir, daemon, scene, server, empty, browser, ...transactions, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function fill(daemon: ScriptedDaemon, scene: Scene, server: TestServer) {
  await putBlocks(server.url, [sampleJob.bytes, sampleResult.metrics, sampleResult.index])
  daemon.say('state', { phase: 'training', message: 'The job runs' })
  sayRun(daemon, 1, 500)
  daemon.say('usage', {
    gpus: 2,
    watts: 612.4,
    energyJ: 5_400_000,
    utilisation: 0.873,
    memoryUsedMiB: 62_464,
  })
  await convictSeller(scene)
  await runOrder(scene)
  await scene.place(sampleJob)
  await scene.start(training)
  await scene.commit(training, [0, 1, 2])
  await waitFor(
    () => getOrder(server.url, training),
    ({ windows }) => windows?.length === 3,
  )
  const settledTx = (await getOrder(server.url, completed)).payments.at(-1)!.txHash
  return { settledTx, undoneTx: await startAsStranger(scene) }
}

async function convictSeller(scene: Scene): Promise<void> {
  const disputeId = await challengeSegment(scene, await auditedOrder(scene), 6)
  const jury = await drawScenesJury(scene, disputeId)
  await decide(scene, jury, { disputeId, round: 0, found: findings.unusable })
}

async function runOrder(scene: Scene): Promise<void> {
  const orderId = await auditedOrder(scene)
  await scene.audit(orderId, () => 'pass')
  await scene.settle(orderId)
}

/** Sent with gas enough for the chain to take it, as a wallet that does not estimate would. */
async function startAsStranger({ net, buyer }: Scene): Promise<string> {
  const { provider, deployment } = net
  const data = interfaces.market.encodeFunctionData('startOrder', [training])
  const call = { from: buyer.address, to: deployment.market, data, gas: '0x80000' }
  return provider.send('eth_sendTransaction', [call])
}
