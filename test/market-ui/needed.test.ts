import { join } from 'node:path'
import { ChainRows } from '@trainyard/market-ui/db/ChainRows.ts'
import { openDatabase } from '@trainyard/market-ui/db/openDatabase.ts'
import { BlockStore } from '@trainyard/market-ui/store/BlockStore.ts'
import { neededBlocks } from '@trainyard/market-ui/store/neededBlocks.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { sha256 } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cidOf } from './blockOf.ts'
import { getOrder } from './getJson.ts'
import { putBlocks, sampleJob, sampleResult } from './sampleJob.ts'
import { type Scene, startScene } from './startScene.ts'
import { type ScriptedDaemon, startScriptedDaemon } from './startScriptedDaemon.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'
import { waitFor } from './waitFor.ts'

const WEEK_SECONDS = 7 * 86_400
const orderId = 1n

let daemon: ScriptedDaemon
let scene: Scene
let server: TestServer
beforeAll(async () => {
  daemon = await startScriptedDaemon()
  scene = await startScene(daemon.url)
  server = await startTestServer({
    rpc: scene.net.rpcUrl,
    deployment: scene.deploymentPath,
    allowPrivateEndpoints: true,
  })
}, 60_000)
afterAll(async () => {
  await server?.close()
  await scene?.stop()
  await daemon?.stop()
})

describe('neededBlocks', () => {
  it('default: names all an order needs, down to the leaves of its data, until a week after its settlement', async () => {
    const train = await addBytes(new Uint8Array(600_000).fill(1)) // three leaves, two of them alike, and a node
    const job = Buffer.from(
      canonicalBytes({
        ...(JSON.parse(sampleJob.bytes.toString()) as object),
        data: { train: { cid: train.cid }, heldOut: { cid: cidOf(Buffer.from('heldOut')) } },
      }),
    )
    const stray = Buffer.from('nobody needs this')
    await putBlocks(server.url, [job, stray, sampleResult.metrics, sampleResult.index])
    for (const { cid, bytes } of train.blocks)
      await fetch(`${server.url}/store/blocks/${cid}`, { method: 'PUT', body: new Uint8Array(bytes) })
    await scene.place({ hash: sha256(job), cid: cidOf(job) })
    await scene.start(orderId)
    await scene.commit(orderId, [0, 1, 2, 3, 4, 5, 6, 7])
    await scene.complete(orderId, sampleResult.cid)
    await scene.audit(orderId, () => 'pass')
    await scene.settle(orderId)
    const { settledAt } = await waitFor(
      () => getOrder(server.url, orderId),
      (order) => order.settledAt > 0,
    )
    const db = await openDatabase(server.dataDir)
    const store = await BlockStore.open(join(server.dataDir, 'blocks'), {
      maxBytes: 1e9,
      maxBytesPerSender: 1e9,
    })
    const neededAt = (atSeconds: number) => neededBlocks(new ChainRows(db), store, atSeconds)
    const needed = await neededAt(settledAt + WEEK_SECONDS)
    const wanted = [
      cidOf(job),
      ...train.blocks.map(({ cid }) => cid),
      cidOf(Buffer.from('heldOut')),
      ...[0, 1, 7].map((window) => cidOf(Buffer.from(`evidence${window}`))),
      cidOf(Buffer.from('report')),
      sampleResult.cid,
      cidOf(sampleResult.metrics),
      cidOf(Buffer.from('model')),
      cidOf(Buffer.from('spec')),
    ]
    for (const cid of wanted) expect([cid, needed.has(cid)]).toEqual([cid, true])
    expect(needed.has(cidOf(stray))).toBe(false)
    const later = await neededAt(settledAt + WEEK_SECONDS + 1)
    expect([...later]).toEqual([cidOf(Buffer.from('spec'))]) // the machine is still there
    store.close()
    await db.close()
  })
})

describe('GET /api/orders/:id/checkpoints/:step', () => {
  const ask = (step: number | string) => fetch(`${server.url}/api/orders/${orderId}/checkpoints/${step}`)

  it("default: hands on what the seller's machine serves for that step", async () => {
    daemon.answer((request, response) => response.end(`checkpoint at ${request.url}`))
    const answer = await ask(1280)
    expect(await answer.text()).toBe('checkpoint at /orders/1/checkpoints/1280')
    expect(answer.headers.get('content-type')).toBe('application/octet-stream')
    expect(answer.headers.get('content-disposition')).toContain('attachment')
    daemon.answer(undefined)
  })

  it('error: a private, absent or redirected one is said as such, and no path can be made up', async () => {
    for (const [status, words] of [
      [401, 'private'],
      [404, 'does not have'],
      [302, 'redirects'],
    ] as const) {
      daemon.answer((_request, response) =>
        response.writeHead(status, { location: 'http://127.0.0.1/' }).end(),
      )
      const answer = await ask(1280)
      expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([
        502,
        expect.stringContaining(words),
      ])
    }
    daemon.answer(undefined)
    expect((await ask('..%2f..%2fhealth')).status).toBe(400)
  })
})
