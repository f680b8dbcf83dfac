import { interfaces } from '@trainyard/contracts/pallets.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Score } from '../../market-ui/server/api/machineSchemas.ts'
import { compareWithChain } from '../../market-ui/web/lightClient/compareWithChain.ts'
import { hasPostgres, type Postgres, postgresTest, startPostgres } from '../helpers/postgres.ts'
import { getHealth, getMachines, getOrder, getOrders } from './getJson.ts'
import { putBlocks, sampleJob, sampleResult } from './sampleJob.ts'
import { type Scene, STEPS, startScene } from './startScene.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'
import { waitFor } from './waitFor.ts'

let scene: Scene
let server: TestServer
let postgres: Postgres | undefined
let onPostgres: TestServer | undefined
beforeAll(async () => {
  ;[scene, postgres] = await Promise.all([
    startScene('http://127.0.0.1:9'),
    hasPostgres ? startPostgres() : undefined,
  ])
  server = await startTestServer({ rpc: scene.net.rpcUrl, deployment: scene.deploymentPath })
})
afterAll(async () => {
  await server?.close()
  await onPostgres?.close()
  await postgres?.stop()
  await scene?.stop()
})

const order = (orderId: bigint, isWanted: (found: Awaited<ReturnType<typeof getOrder>>) => boolean) =>
  waitFor(() => getOrder(server.url, orderId), isWanted)

describe('follower', () => {
  it('default: an order is followed from offer to settlement with its facts and transactions', async () => {
    const { machines } = await waitFor(
      () => getMachines(server.url),
      ({ machines }) => machines.length > 0,
    )
    expect(machines).toMatchObject([
      {
        machineId: '1',
        owner: scene.seller.address,
        status: 'ForRent',
        hardwareClass: 'canonical',
        offer: { pricePerHourWei: '3600000000000000000', minSeconds: 60, maxSeconds: 7200 },
        effectiveNutPerDay: '0',
        proved: null,
        uptime: null,
      },
    ])

    await putBlocks(server.url, [sampleJob.bytes, sampleResult.metrics, sampleResult.index])
    const orderId = await scene.place(sampleJob)
    const placed = await order(orderId, ({ status }) => status === 'Preparing')
    expect(placed).toMatchObject({
      jobName: 'digits',
      steps: STEPS,
      totalWindows: 8,
      totalSegments: 40,
      escrowWei: '3600000000000000000',
      auditFeeWei: '120000000000000000',
      result: null,
      windows: [],
    })
    expect(placed.phaseDeadlineAt).toBe(placed.placedAt + 60)
    expect(placed.payments.map(({ kind }) => kind)).toEqual(['escrow held', 'audit fee held'])
    expect((await getMachines(server.url)).machines[0]).toMatchObject({
      status: 'Renting',
      currentOrderId: '1',
    })

    await scene.start(orderId)
    await scene.commit(orderId, [0, 1, 2])
    const training = await order(orderId, ({ windows }) => windows.length === 3)
    expect(training).toMatchObject({ status: 'Training', committedSegments: 15, committedSteps: 480 })
    expect(training.windows.map(({ firstSegment, segments }) => [firstSegment, segments])).toEqual([
      [0, 5],
      [5, 5],
      [10, 5],
    ])
    const receipt = await scene.net.provider.getTransactionReceipt(training.windows[1]!.txHash)
    expect(receipt?.to).toBe(scene.net.deployment.windows)

    await scene.commit(orderId, [3, 4, 5, 6, 7])
    await scene.complete(orderId, sampleResult.cid)
    const auditing = await order(orderId, ({ status, audit }) => status === 'Auditing' && audit.ready)
    expect(auditing.audit.panel.map(({ phase }) => phase)).toEqual(['drawn', 'drawn', 'drawn'])
    expect(auditing.audit.drawn.length).toBeGreaterThanOrEqual(10)
    expect(auditing.audit.drawn.every(({ verdict }) => verdict === 'pending')).toBe(true)

    await scene.audit(orderId, () => 'pass')
    await scene.settle(orderId)
    const settled = await order(orderId, ({ status }) => status === 'Completed')
    expect(settled.audit).toMatchObject({ outcome: 'Pass', committed: 3, revealed: 3, failedSegment: null })
    // Every third segment is two auditors'.
    expect(settled.audit.drawn.map(({ passes }) => passes)).toEqual(
      settled.audit.drawn.map((_, index) => (index % 3 === 0 ? 2 : 1)),
    )
    expect(settled.audit.drawn.every(({ verdict }) => verdict === 'pass')).toBe(true)
    expect(settled.audit.panel.every(({ revealTxHash }) => revealTxHash !== null)).toBe(true)
    expect(settled.result).toMatchObject({ cid: sampleResult.cid, metrics: { accuracy: 0.9625, total: 800 } })
    expect(settled.closeReason).toBe('WORK_COMPLETED')
    expect([settled.committedSegments, settled.passedSegments]).toEqual([40, settled.audit.drawn.length])
    expectBooksToBalance(settled)
    const { machines: now } = await waitFor(
      () => getMachines(server.url),
      ({ machines }) => machines[0]?.proved !== null,
    )
    expect(now[0]).toMatchObject({ proved: { orders: 1, lastAt: settled.settledAt }, completed: 1 })
    const auditor = await fetch(`${server.url}/api/auditors/${scene.auditors[0]!.address}`)
    expect(await auditor.json()).toMatchObject({ drawn: 1, open: 0, earnedWei: '40000000000000000' })
  })

  it('behavior: a score is what the chain says of the machine now', async () => {
    const { hashrate, drilling } = scene.net.deployment
    const { provider } = scene.net
    // Drilling credits the machine, without the drill.
    await provider.send('anvil_impersonateAccount', [drilling])
    await provider.send('anvil_setBalance', [drilling, '0xde0b6b3a7640000'])
    const data = interfaces.hashrate.encodeFunctionData('creditDrill', [1n, 5_000_000_000n])
    await provider.send('eth_sendTransaction', [{ from: drilling, to: hashrate, data }])
    const score = (await (await fetch(`${server.url}/api/machines/1/score`)).json()) as Score
    expect(score).toMatchObject({
      machineId: '1',
      decpNut: '5000000000',
      tecpNut: '0',
      totalNut: '2000000000',
    })
    const { machines } = await waitFor(
      () => getMachines(server.url),
      ({ machines }) => machines[0]?.effectiveNutPerDay !== '0',
    )
    const [listed, asked] = [machines[0]!.effectiveNutPerDay, score.effectiveNutPerDay].map(Number)
    expect(listed! / asked!).toBeCloseTo(1, 3)
    const never = { mflops: '0', lastMflops: '0', fresh: false, measuredAt: 0, round: 0 }
    expect(score.device).toEqual({ ...never, memoryMiB: 0, report: null })
    // ln 2 / 7 of it a day, less what faded meanwhile.
    expect(Number(score.effectiveDecpNutPerDay)).toBeGreaterThan(490_000_000)
    expect(Number(score.effectiveDecpNutPerDay)).toBeLessThan(495_105_129)
    expect((await fetch(`${server.url}/api/machines/99/score`)).status).toBe(404)
  })

  postgresTest('behavior: a server on Postgres answers every question as one on SQLite does', async () => {
    onPostgres = await startTestServer({
      rpc: scene.net.rpcUrl,
      deployment: scene.deploymentPath,
      database: postgres!.url,
    })
    await putBlocks(onPostgres.url, [sampleJob.bytes, sampleResult.metrics, sampleResult.index])
    const ask = async (url: string, path: string): Promise<unknown> => (await fetch(`${url}${path}`)).json()
    await waitFor(
      () => getOrder(onPostgres!.url, 1n),
      ({ status }) => status === 'Completed',
    )
    for (const { url } of [onPostgres, server])
      await waitFor(
        () => getMachines(url),
        ({ machines }) => machines[0]?.proofModes?.[0] === 'Bitwise',
      )
    const { buyer, seller } = scene
    for (const path of [
      '/api/orders/1',
      '/api/machines/1',
      '/api/machines',
      '/api/activity',
      `/api/auditors/${scene.auditors[1]!.address}`,
      `/api/inbox?account=${scene.seller.address}`,
      '/api/disputes',
      '/api/chain',
      `/api/orders?account=${buyer.address}`,
      `/api/orders?seller=${seller.address}&machineId=1`,
      `/api/orders?account=${seller.address}`,
    ])
      expect([path, await ask(onPostgres.url, path)]).toEqual([path, await ask(server.url, path)])
  })

  it('behavior: what a reorganised chain no longer holds is forgotten, what it holds instead is read', async () => {
    const snapshot: unknown = await scene.net.provider.send('evm_snapshot', [])
    const gone = await scene.place(sampleJob)
    await order(gone, ({ status }) => status === 'Preparing')
    const before = await getHealth(server.url)

    await scene.net.provider.send('evm_revert', [snapshot])
    await waitFor(
      () => getOrders(server.url),
      ({ orders }) => orders.every(({ orderId }) => orderId !== String(gone)),
    )
    expect((await getMachines(server.url)).machines[0]).toMatchObject({
      status: 'ForRent',
      currentOrderId: null,
    })
    expect((await fetch(`${server.url}/api/orders/${gone}`)).status).toBe(404)

    await scene.net.mine(4) // past the old head, on another branch
    const after = await waitFor(
      () => getHealth(server.url),
      ({ head }) => (head ?? 0) > (before.head ?? 0),
    )
    expect(after).toMatchObject({ phase: 'following', behind: 0, genesisHash: before.genesisHash })
    expect((await getOrders(server.url)).orders.map(({ status }) => status)).toEqual(['Completed'])
  })

  it('behavior: a chain reorganised while the server was down is noticed at the next start', async () => {
    const snapshot: unknown = await scene.net.provider.send('evm_snapshot', [])
    const gone = await scene.place(sampleJob)
    await order(gone, ({ status }) => status === 'Preparing')
    const { dataDir } = server
    await server.close()
    await scene.net.provider.send('evm_revert', [snapshot])
    await scene.net.mine(6)
    server = await startTestServer({ rpc: scene.net.rpcUrl, deployment: scene.deploymentPath, dataDir })
    const known = await waitFor(
      () => getHealth(server.url),
      ({ phase }) => phase === 'following',
    )
    expect(known.behind).toBe(0)
    expect((await getOrders(server.url)).orders.map(({ orderId }) => orderId)).toEqual(['1'])
  })

  it('behavior: what the server says is compared with the chain, and a lie is named', async () => {
    const { number, hash } = (await scene.net.provider.getBlock('latest'))!
    const { orders } = await getOrders(server.url)
    const chain = { deployment: scene.net.deployment, provider: scene.net.provider }
    const same = await compareWithChain(chain, { block: { number, hash: hash! }, orders })
    expect(same).toEqual({ block: number, compared: orders.length, differences: [] })
    const lie = { ...orders[0]!, escrowWei: '1' }
    const { differences } = await compareWithChain(chain, {
      block: { number, hash: `0x${'00'.repeat(32)}` },
      orders: [lie],
    })
    expect(differences).toEqual([
      expect.stringMatching(new RegExp(`^Block ${number}: the server says 0x00.*the chain ${hash}`)),
      expect.stringMatching(new RegExp(`^Order ${lie.orderId}, escrow: the server says 1, the chain [0-9]+`)),
    ])
  })
})

/** What was held is what was paid out, to the wei. */
const expectBooksToBalance = (settled: Awaited<ReturnType<typeof getOrder>>) => {
  const sum = (kinds: readonly string[]) =>
    settled.payments
      .filter(({ kind }) => kinds.includes(kind))
      .reduce((total, { amountWei }) => total + BigInt(amountWei), 0n)
  const held = sum(['escrow held', 'audit fee held'])
  expect(held).toBe(sum(['paid to seller', 'protocol fee burned', 'paid to auditors', 'refunded to payer']))
  expect(sum(['paid to seller'])).toBeGreaterThan(0n)
}
