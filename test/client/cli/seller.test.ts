import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readBond } from '@trainyard/contracts/readBond.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readToken } from '@trainyard/contracts/token.ts'
import { parseEther } from 'ethers'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Check } from '../../../client/src/cli/checks/check.ts'
import { doctorCommand } from '../../../client/src/cli/doctorCommand.ts'
import { drainCommand } from '../../../client/src/cli/drainCommand.ts'
import { fetchCommand } from '../../../client/src/cli/fetchCommand.ts'
import { logsCommand } from '../../../client/src/cli/logsCommand.ts'
import { statusCommand } from '../../../client/src/cli/statusCommand.ts'
import { withdrawCommand } from '../../../client/src/cli/withdrawCommand.ts'
import { readConfig } from '../../../client/src/config/readConfig.ts'
import { type Daemon, startDaemon } from '../../../client/src/daemon.ts'
import { orderTinyJob, statusIs } from '../rig/orders.ts'
import { passAudit } from '../rig/passAudit.ts'
import { type Rig, startRig } from '../rig/startRig.ts'
import { fakeRim } from './fakeRim.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 }) // a chain and processes on a busy machine

let rig: Rig
let made: Awaited<ReturnType<Rig['seller']>>
let daemon: Daemon | undefined
let orderId: bigint
beforeAll(async () => {
  rig = await startRig({ unbondingSeconds: 60 })
  made = await rig.seller('alone')
  await start()
  orderId = await orderTinyJob(rig, daemon!.machineId, { access: 'private' })
  await passAudit(rig, orderId)
  await statusIs(rig, orderId, 'Completed')
})
afterAll(async () => {
  await daemon?.stop()
  await rig?.stop()
})

async function start() {
  daemon = await startDaemon(await readConfig(made.config), { logger: pino({ level: 'silent' }) })
}
async function stop() {
  await daemon?.stop()
  daemon = undefined
}

type Answer = Record<string, never> & { checks: Check[] }
async function run(command: (rim: ReturnType<typeof fakeRim>['rim']) => Promise<void>) {
  const { rim, answers, codes } = fakeRim()
  await command(rim)
  expect(answers).toHaveLength(1) // one object on stdout
  return { answer: answers[0] as Answer, code: codes.at(-1) ?? 0 }
}
const options = () => ({ config: made.config, json: true as const })
const found = (checks: Check[], id: string) => checks.find((one) => one.id === id)

test('error: a private order is fetched by its parties only, and a stranger is told so', async () => {
  const chain = {
    rpc: rig.devnet.rpcUrl,
    deployment: join(rig.dir, 'deployment.json'),
    store: rig.market.url,
  }
  const fetched = fetchCommand(orderId, { ...chain, out: join(rig.dir, 'stranger') }, fakeRim().rim)
  await expect(fetched).rejects.toMatchObject({
    message: `Order ${orderId} is private: its seller shows it to its parties only.`,
    suggestion: expect.stringContaining('Give --keystore'),
    exitCode: 1,
  })
})

test('doctor: everything a daemon needs, as records of one form; nothing fails', async () => {
  const { answer, code } = await run((rim) => doctorCommand(options(), rim))
  expect(answer.checks.filter(({ status }) => status === 'fail')).toEqual([])
  expect(code).toBe(0)
  for (const one of answer.checks) {
    expect(Object.keys(one)).toEqual('id title status actual required unit purpose remediation'.split(' '))
  }
  const ids = answer.checks.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toEqual(
    expect.arrayContaining([
      ...['node', 'config', 'keystore', 'keystore-mode', 'password-mode', 'chain-reachable', 'chain-id'],
      ...[
        'chain-sync',
        'contracts',
        'clock-chain',
        'clock-ntp',
        'gas',
        'bond',
        'stake',
        'seats',
        'market-open',
      ],
      ...['process-isolation', 'gpu', 'disk', 'store', 'endpoint', 'endpoint-public', 'endpoint-market'],
    ]),
  )
  expect(found(answer.checks, 'process-isolation')).toMatchObject({ status: 'warn' })
})

test('doctor: what is wrong is named, with what to do, and the exit code is 1', async () => {
  const broken = await rig.seller('broken', {
    store: 'http://127.0.0.1:1',
    hardwareClass: 'nobody',
    bondWei: String(parseEther('200000')),
  })
  await chmod(join(broken.home, 'keystore.json'), 0o644)
  const { answer, code } = await run((rim) => doctorCommand({ config: broken.config, json: true }, rim))
  expect(code).toBe(1)
  const failed = answer.checks.filter(({ status }) => status === 'fail')
  expect(failed.map(({ id }) => id).sort()).toEqual(['bond', 'keystore-mode', 'seats', 'store'])
  for (const { remediation } of failed) expect(remediation).toBeTruthy()
  expect(found(answer.checks, 'keystore-mode')).toMatchObject({ actual: '0644', required: '0600' })
})

test('doctor: a chain that does not answer, and one that is another', async () => {
  const away = await rig.seller('away', { rpc: 'http://127.0.0.1:1' })
  const first = await run((rim) => doctorCommand({ config: away.config, json: true }, rim))
  expect(found(first.answer.checks, 'chain-reachable')).toMatchObject({ status: 'fail' })
  expect(found(first.answer.checks, 'gas')).toMatchObject({ status: 'skip' })
  const other = join(rig.dir, 'other.json')
  await writeFile(other, JSON.stringify({ ...rig.devnet.deployment, genesisHash: `0x${'00'.repeat(32)}` }))
  const { config } = await rig.seller('elsewhere', { deployment: other })
  const second = await run((rim) => doctorCommand({ config, json: true }, rim))
  expect(found(second.answer.checks, 'chain-id')).toMatchObject({ status: 'fail' })
})

test('doctor: the support bundle holds no secret, wherever one was planted', async () => {
  const key = 'c0ffee'.padEnd(64, '1')
  const planted = await rig.seller('leaky', {
    rpc: `http://ada:hunter2@127.0.0.1:1/v3/0123456789apikey?token=sesame-open`,
    publicEndpoint: 'https://seller.example/?auth=sesame-shut',
    priceScript: {
      command: ['/bin/price', '--key', 'sesame-price'],
      minPerHourWei: '1',
      maxPerHourWei: '2',
    },
  })
  const password = 'correct-horse-battery'
  await writeFile(join(planted.home, 'password'), `${password}\nsecond-line-secret\n`)
  const file = join(rig.dir, 'bundle.json')
  const env = { SOME_KEY: key, PATH: process.env.PATH ?? '' }
  const { rim } = fakeRim(env)
  await doctorCommand({ config: planted.config, bundle: file }, rim)
  const text = await readFile(file, 'utf8')
  const { encoded } = JSON.parse(await readFile(join(planted.home, 'keystore.json'), 'utf8')) as {
    encoded: string
  }
  const secrets = [password, 'second-line-secret', 'hunter2', '0123456789apikey', 'sesame', key, encoded]
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(JSON.parse(text)).toMatchObject({
    config: {
      rpc: 'http://127.0.0.1:1',
      priceScript: { command: ['/bin/price', '[redacted]', '[redacted]'] },
    },
    checks: expect.arrayContaining([expect.objectContaining({ id: 'chain-reachable' })]),
  })
  await expect(doctorCommand({ config: planted.config, bundle: file }, rim)).rejects.toThrow(
    'cannot be written',
  )
})

test('status: what was earned, that it can be chosen, and how others see it', async () => {
  const { answer, code } = await run((rim) => statusCommand(options(), rim))
  expect(code).toBe(0)
  const freeWei = await readFree(rig.buyer, made.address)
  expect(freeWei).toBeGreaterThan(0n)
  expect(answer).toMatchObject({
    daemon: { running: true, url: daemon!.url },
    earnings: { paidWei: String(freeWei), pendingWei: '0', settled: { Completed: 1 }, counted: 1, orders: 1 },
    machines: [
      {
        name: '',
        machineId: String(daemon!.machineId),
        chosen: { possible: true },
        health: {
          endpoint: daemon!.url,
          endpointAnswers: true,
          machine: { completed: 1, fulfilmentBps: 10_000 },
        },
      },
    ],
  })
})

test('logs: what was told of an order, from the daemon and, when that is down, from its journal', async () => {
  const read = () => run((rim) => logsCommand(orderId, { ...options(), only: 'state' }, rim))
  const live = await read()
  expect(live.answer).toMatchObject({ orderId: String(orderId) })
  await stop()
  expect((await read()).answer).toEqual(live.answer)
  await expect(read().then(() => run((rim) => logsCommand(99n, options(), rim)))).rejects.toThrow(
    'Order 99 is not on this machine',
  )
  await start()
  await expect(run((rim) => logsCommand(99n, options(), rim))).rejects.toThrow('is not on that machine')
})

test('status: a daemon that is down is why nobody should choose it; exit code 75', async () => {
  await stop()
  const { answer, code } = await run((rim) => statusCommand(options(), rim))
  expect(code).toBe(75)
  expect(answer).toMatchObject({
    daemon: { running: false },
    machines: [{ chosen: { possible: false } }],
    earnings: { orders: 1 },
  })
  await start()
})

test('withdraw: pays out what is free, once, and only after yes', async () => {
  const freeWei = await readFree(rig.buyer, made.address)
  const before = (await readToken(rig.buyer, made.address)).balanceWei
  const asked = withdrawCommand({ ...options(), amount: 'all' }, fakeRim().rim)
  await expect(asked).rejects.toThrow('Nobody is here to say so')
  await run((rim) => withdrawCommand({ ...options(), amount: 'all', yes: true }, rim))
  expect((await readToken(rig.buyer, made.address)).balanceWei - before).toBe(freeWei)
  const again = withdrawCommand({ ...options(), amount: 'all', yes: true }, fakeRim().rim)
  await expect(again).rejects.toThrow('0.0 DEV can be paid out now.')
})

test('drain, then unbond and withdraw: the whole way out; undoing it', async () => {
  const unbondAll = { ...options(), amount: 'all', unbond: 'all', yes: true as const }
  await expect(withdrawCommand(unbondAll, fakeRim().rim)).rejects.toThrow('would bond it again')
  const drained = await run((rim) => drainCommand({ ...options(), wait: true }, rim))
  expect(drained.answer).toEqual({ draining: true, offered: false, daemonRunning: true, openOrders: [] })
  expect((await readMachine(rig.buyer, daemon!.machineId)).status).toBe('Idle')
  await run((rim) => withdrawCommand(unbondAll, rim))
  const payOut = { ...options(), amount: 'all', yes: true as const }
  await expect(withdrawCommand(payOut, fakeRim().rim)).rejects.toThrow('100.0 DEV more at')
  await rig.devnet.advance(61)
  await run((rim) => withdrawCommand(payOut, rim))
  expect(await readBond(rig.buyer, made.address)).toMatchObject({ activeWei: 0n, unbondingWei: 0n })
  const to = `0x${'12'.repeat(20)}`
  await run((rim) => withdrawCommand({ ...payOut, amount: '1.5', to }, rim))
  expect((await readToken(rig.buyer, to)).balanceWei).toBe(parseEther('1.5'))
  await expect(withdrawCommand({ ...payOut, to: '0x12' }, fakeRim().rim)).rejects.toThrow('is no address')
  const undone = await run((rim) => drainCommand({ ...options(), undo: true }, rim))
  expect(undone.answer).toMatchObject({ draining: false, offered: true })
})

test('drain: a daemon that is down is drained all the same', async () => {
  const { machineId } = daemon!
  await stop()
  const { answer } = await run((rim) => drainCommand(options(), rim))
  expect(answer).toMatchObject({ draining: true, offered: false, daemonRunning: false })
  expect((await readMachine(rig.buyer, machineId)).status).toBe('Idle')
})
