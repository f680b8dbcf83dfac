import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Devnet, startDevnet } from '../helpers/devnet.ts'
import { getHealth, getMachines, getOrders } from './getJson.ts'
import { openSse } from './readSse.ts'
import { sampleJob } from './sampleJob.ts'
import { type Scene, startScene } from './startScene.ts'
import { type Switch, startSwitch } from './startSwitch.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'
import { waitFor } from './waitFor.ts'

let scene: Scene
let other: Devnet
let gate: Switch
let server: TestServer
const deployment = join(tmpdir(), `trainyard-deployment-${process.pid}.json`)

beforeAll(async () => {
  scene = await startScene('http://127.0.0.1:9')
  other = await startDevnet() // after the other: chains begun in one second have the same first block
  expect(other.deployment.genesisHash).not.toBe(scene.net.deployment.genesisHash)
  gate = await startSwitch(scene.net.rpcUrl)
  server = await startTestServer({ rpc: gate.url, deployment })
})
afterAll(async () => {
  await server?.close()
  await gate?.stop()
  await scene?.stop()
  await other?.stop()
  await rm(deployment, { force: true })
})

it('behavior: until the contracts are deployed it waits and says so', async () => {
  const health = await waitFor(
    () => getHealth(server.url),
    ({ phase }) => phase !== 'starting',
  )
  expect(health).toMatchObject({ phase: 'waiting', head: null })
  await writeFile(deployment, JSON.stringify(scene.net.deployment))
  await waitFor(
    () => getMachines(server.url),
    ({ machines }) => machines.length === 1,
  )
})

it('behavior: a node that does not answer leaves the last known state, marked with its age', async () => {
  await scene.place(sampleJob)
  await waitFor(
    () => getOrders(server.url),
    ({ orders }) => orders.length === 1,
  )
  const before = await getHealth(server.url)
  gate.target = undefined
  const down = await waitFor(
    () => getHealth(server.url),
    ({ phase }) => phase === 'unreachable',
  )
  expect(down).toMatchObject({ head: before.head, headAt: before.headAt, behind: null })
  expect(down.answeredAtMs).toBeGreaterThan(0)
  expect((await getOrders(server.url)).orders).toHaveLength(1)

  await scene.net.mine(3)
  gate.target = scene.net.rpcUrl
  const up = await waitFor(
    () => getHealth(server.url),
    ({ phase }) => phase === 'following',
  )
  expect(up).toMatchObject({ head: (before.head ?? 0) + 3, behind: 0 })
})

it('behavior: another chain behind the same address clears what was known and tells the pages', async () => {
  const stream = await openSse(`${server.url}/api/stream`)
  gate.target = other.rpcUrl
  const changed = await waitFor(
    () => getHealth(server.url),
    ({ phase }) => phase === 'waiting',
  )
  expect(changed.genesisHash).toBe(other.deployment.genesisHash)
  expect(await getOrders(server.url)).toEqual({ orders: [], total: 0 })
  expect(await getMachines(server.url)).toEqual({ machines: [] })
  await waitFor(
    async () => stream.events,
    (events) => events.some(({ data }) => (data as { topic: string }).topic === 'reset'),
  )
  stream.close()

  await writeFile(deployment, JSON.stringify(other.deployment))
  await waitFor(
    () => getHealth(server.url),
    ({ phase }) => phase === 'following',
  )
})
