import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readOffer } from '@trainyard/contracts/readOffer.ts'
import { pino } from 'pino'
import { parse, stringify } from 'smol-toml'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { drainCommand } from '../../client/src/cli/drainCommand.ts'
import { statusCommand } from '../../client/src/cli/statusCommand.ts'
import { readConfig } from '../../client/src/config/readConfig.ts'
import { startDaemon } from '../../client/src/daemon.ts'
import { fakeRim } from './cli/fakeRim.ts'
import { orderTinyJob, statusIs } from './rig/orders.ts'
import { passAudit } from './rig/passAudit.ts'
import { startClient } from './rig/startClient.ts'
import { type Rig, startRig } from './rig/startRig.ts'
import { failedCalls, repeatedCalls, transactionsOf } from './rig/transactionsOf.ts'
import { until } from './rig/until.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 }) // a chain and processes on a busy machine

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.stop())

const logger = pino({ level: 'silent' })
const parts = [
  { name: 'left', share: 0.6 },
  { name: 'right', pricePerHourWei: '77000000000000000000', maxSeconds: 1200 },
]
/** Parts of a host by other names, or the host as one. */
async function become(config: string, machines: object[]): Promise<string> {
  const settings = parse(await readFile(config, 'utf8'))
  const other = join(config, '..', `other-${machines.length}.toml`)
  await writeFile(other, stringify({ ...settings, machines }))
  return other
}

/** Long enough for both to be seen at it. */
const LONGER = { steps: 960, proof: { mode: 'bitwise', draws: 24 } } as const

test('default: two machines of one daemon run an order each at the same time', async () => {
  const { config, address } = await rig.seller('two', { machines: parts })
  const client = await startClient(config)
  try {
    const ids = ['left', 'right'].map((name) => client.machines.get(name)!)
    expect(new Set(ids).size).toBe(2)
    const orders = await Promise.all(ids.map((id) => orderTinyJob(rig, id, LONGER)))
    const phases = async () => {
      const { phases: now } = (await (await fetch(`${client.url}/health`)).json()) as {
        phases: Record<string, string>
      }
      return orders.every((id) => now[String(id)] === 'training') ? true : undefined
    }
    await until(phases) // both at once
    for (const orderId of orders) {
      await statusIs(rig, orderId, 'Auditing')
      await passAudit(rig, orderId)
      expect((await statusIs(rig, orderId, 'Completed')).paidWei).toBeGreaterThan(0n)
    }
    const shown = (await (await fetch(`${client.url}/orders/${orders[1]}`)).json()) as { machineId: string }
    expect(shown.machineId).toBe(String(ids[1]))
    const sent = await transactionsOf(rig, address)
    expect(sent.map(({ nonce }) => nonce)).toEqual(sent.map((_, index) => index))
    expect(failedCalls(sent)).toEqual([])
    expect(repeatedCalls(sent)).toEqual([])
  } finally {
    await client.terminate()
  }
})

test('default: each is registered with its share and offered at its own price, and stays itself', async () => {
  const { config } = await rig.seller('priced', { machines: parts })
  const first = await startDaemon(await readConfig(config), { logger })
  await first.stop()
  const [left, right] = [first.machineIds.get('left')!, first.machineIds.get('right')!]
  const offerOf = async (id: bigint) => readOffer(rig.buyer, (await readMachine(rig.buyer, id)).offerId)
  expect(await offerOf(right)).toMatchObject({
    pricePerHourWei: 77_000_000_000_000_000_000n,
    maxSeconds: 1200,
    open: true,
  })
  expect((await offerOf(left)).pricePerHourWei).not.toBe(77_000_000_000_000_000_000n)
  const second = await startDaemon(await readConfig(config), { logger })
  await second.stop()
  expect(second.machineIds).toEqual(first.machineIds)
})

test('behavior: equal parts are told apart also when the data directory was lost', async () => {
  const { config, home } = await rig.seller('equal', { machines: [{ name: 'a' }, { name: 'b' }] })
  const first = await startDaemon(await readConfig(config), { logger })
  const listen = { host: '127.0.0.1', port: Number(new URL(first.url).port) }
  await first.stop()
  const lost = { ...(await readConfig(config)), dataDir: join(home, 'new'), listen }
  const second = await startDaemon(lost, { logger })
  await second.stop()
  expect([...second.machineIds.values()].sort()).toEqual([...first.machineIds.values()].sort())
})

test('behavior: a machine that the configuration does not name any more is offered to nobody', async () => {
  const { config } = await rig.seller('fewer', { machines: parts })
  const first = await startDaemon(await readConfig(config), { logger })
  await first.stop()
  const second = await startDaemon(await readConfig(await become(config, [{ name: 'left' }])), { logger })
  await second.stop()
  expect([...second.machineIds.keys()]).toEqual(['left'])
  expect((await readMachine(rig.buyer, first.machineIds.get('right')!)).offerId).toBe(0n)
  expect((await readMachine(rig.buyer, first.machineIds.get('left')!)).offerId).not.toBe(0n)
})

test('drain: one machine of two, the other goes on; status tells of both', async () => {
  const { config } = await rig.seller('drained', { machines: parts })
  const daemon = await startDaemon(await readConfig(config), { logger })
  const run = async (command: (rim: ReturnType<typeof fakeRim>['rim']) => Promise<void>) => {
    const { rim, answers } = fakeRim()
    await command(rim)
    return answers[0]
  }
  const options = { config, json: true as const }
  const answer = await run((rim) => drainCommand({ ...options, machine: 'right' }, rim))
  expect(answer).toMatchObject({ draining: true, offered: false })
  expect((await readMachine(rig.buyer, daemon.machineIds.get('left')!)).offerId).not.toBe(0n)
  const status = await run((rim) => statusCommand(options, rim))
  expect(status).toMatchObject({
    machines: [
      { name: 'left', chosen: { possible: true } },
      { name: 'right', chosen: { possible: false } },
    ],
  })
  const undone = await run((rim) => drainCommand({ ...options, undo: true }, rim))
  expect(undone).toMatchObject({ draining: false, offered: true })
  await expect(run((rim) => drainCommand({ ...options, machine: 'middle' }, rim))).rejects.toThrow(
    'No machine is named "middle".',
  )
  await daemon.stop()
})
