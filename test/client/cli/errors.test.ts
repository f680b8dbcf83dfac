import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { cancelOrder } from '@trainyard/contracts/cancelOrder.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { parseEther } from 'ethers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { placeJobOrder } from '../../../client/src/buyer/placeJobOrder.ts'
import { startClient } from '../rig/startClient.ts'
import { type Rig, startRig } from '../rig/startRig.ts'
import { tinyData, tinyJob } from '../rig/tinyJob.ts'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 }) // a chain and processes on a busy machine

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.stop())

const cli = join(import.meta.dirname, '../../../client/src/cli.ts')

async function trainyard(args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ])
  return { stdout, stderr, code }
}

const chainOptions = () => ['--rpc', rig.devnet.rpcUrl, '--deployment', join(rig.dir, 'deployment.json')]

async function orderArgs(name: string, job: unknown, data: Uint8Array[]) {
  const { home } = await rig.seller(name)
  const jobFile = join(home, 'job.json')
  await writeFile(jobFile, JSON.stringify(job))
  const files = data.map((_, i) => join(home, `data-${i}.safetensors`))
  for (const [i, file] of files.entries()) await writeFile(file, data[i]!)
  return [
    ...[
      'order',
      '--json',
      ...chainOptions(),
      '--store',
      rig.market.url,
      '--job',
      jobFile,
      '--data',
      ...files,
    ],
    ...['--keystore', join(home, 'keystore.json'), '--password-file', join(home, 'password'), '--yes'],
  ]
}

test('default: init writes a configuration that start accepts as far as the chain', async () => {
  const dir = join(rig.dir, 'new')
  const made = await trainyard(
    [
      ...['init', '--yes', '--json', '--dir', 'new', '--driver', 'process', '--listen', '127.0.0.1:0'],
      ...['--rpc', 'http://127.0.0.1:1', '--deployment', 'deployment.json'],
    ],
    { cwd: rig.dir }, // what is given is relative to it, not to the configuration
  )
  expect(made.code).toBe(0)
  expect(JSON.parse(made.stdout)).toMatchObject({ config: join(dir, 'config.toml') })
  const secret = (await readFile(join(dir, 'password'), 'utf8')).trim()
  expect(made.stdout + made.stderr).not.toContain(secret)
  const started = await trainyard(['start', '--config', join(dir, 'config.toml')])
  expect(started.code).toBe(75)
  expect(started.stderr).toContain('Connecting to the chain failed')
})

test('error: init with a deployment that is not there writes nothing', async () => {
  const dir = join(rig.dir, 'nothing')
  const { code, stderr } = await trainyard(['init', '--yes', '--dir', dir, '--deployment', 'none.json'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^The deployment \/.*none\.json cannot be read\. /)
  await expect(access(dir)).rejects.toThrow('ENOENT')
})

test('error: an unreachable Docker is said last, once, and may be better later', async () => {
  const { config } = await rig.seller('dockless', { driver: 'docker' })
  const env = { ...process.env, DOCKER_HOST: 'tcp://127.0.0.1:9' }
  const { code, stderr } = await trainyard(['start', '--config', config], { env })
  expect(code).toBe(75)
  expect(JSON.parse(stderr.trimEnd().split('\n').at(-1)!)).toMatchObject({
    msg: 'Could not ping Docker: nothing listens on tcp://127.0.0.1:9.',
    suggestion: 'Start the Docker daemon there, or correct DOCKER_HOST.',
  })
})

test('error: a wrong password', async () => {
  const { config, home } = await rig.seller('forgetful')
  await writeFile(join(home, 'password'), 'wrong\n')
  const { code, stderr } = await trainyard(['start', '--config', config])
  expect(code).toBe(1)
  expect(stderr).toContain('does not open the keystore')
  expect(stderr).not.toContain('wrong\\n')
})

test('error: a broken job names the file and every wrong field', async () => {
  const { job, data } = await tinyJob()
  const hyperparameters = { ...job.hyperparameters, momentum: 2 }
  const broken = { ...job, hyperparameters, steps: 0, extra: 1 }
  const { code, stdout } = await trainyard(await orderArgs('typist', broken, [data.train, data.heldOut]))
  expect(code).toBe(1)
  const { message, ...told } = JSON.parse(stdout)
  expect(told).toMatchObject({
    moneyMoved: false,
    suggestion: 'Correct the file and order again. No money moved.',
  })
  expect(message).toMatch(/^\/.*job\.json: .*"hyperparameters\.momentum" is wrong: .*\.$/)
  expect(message).toContain('"steps" is wrong: ')
  expect(message).toContain('"extra" is not a field of a job')
})

test('error: a job of another trainer is refused before it is paid', async () => {
  const { job, data } = await tinyJob({
    environment: { profile: 'canonical', trainerHash: `0x${'11'.repeat(32)}` },
  })
  const { code, stdout } = await trainyard(await orderArgs('dated', job, [data.train, data.heldOut]))
  expect(code).toBe(1)
  expect(JSON.parse(stdout).message).toContain('was written for another version of the trainer')
})

test('error: data whose hash is not the one in the job', async () => {
  const { job, data } = await tinyJob()
  const { code, stdout } = await trainyard(await orderArgs('careless', job, [data.train, tinyData(32, 9)]))
  expect(code).toBe(1)
  expect(stdout).toContain("No --data file has the hash of the job's data.heldOut")
  expect(stdout).toMatch(
    /these were looked at: \S+data-0\.safetensors \(baf\w+\), \S+data-1\.safetensors \(baf\w+\)\./,
  )
})

test('error: a buyer without money learns how much is missing', async () => {
  const args = [...(await buyerOf('broke')), '--max-seconds', '3600', '--offer', await dearOffer()]
  const { code, stdout } = await trainyard(args)
  expect(code).toBe(1)
  expect(stdout).toMatch(/The order takes [\d.]+ DEV, the account has [\d.]+ DEV: [\d.]+ DEV are missing\./)
})

test('error: a store that does not answer, before money moves', async () => {
  const args = (await buyerOf('storeless')).map((arg) =>
    arg === rig.market.url ? 'http://127.0.0.1:1' : arg,
  )
  const { code, stdout } = await trainyard([...args, '--max-seconds', '1', '--offer', await dearOffer()])
  expect(code).toBe(75)
  expect(JSON.parse(stdout)).toMatchObject({ error: 'StoreUnavailable', moneyMoved: false })
  expect(stdout).toContain('The store at http://127.0.0.1:1 does not answer')
})

test('behavior: watching an order that did not complete says why and fails', async () => {
  const offerId = BigInt(await dearOffer())
  const { job, data } = await tinyJob()
  const args = { context: rig.buyer, store: rig.market.url, offerId, job, data }
  const { orderId } = await placeJobOrder({ ...args, maxSeconds: 60, stepMicros: 5000 })
  await cancelOrder(rig.buyer, { orderId })
  const { code, stdout } = await trainyard(['watch', String(orderId), '--json', ...chainOptions()])
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({ status: 'Cancelled', closeReason: 'BUYER_CANCELLED' })
})

test('error: no command, an unknown option', async () => {
  expect((await trainyard(['order', '--nonsense'])).code).toBe(1)
})

test('error: watching an order that does not exist ends with a sentence', async () => {
  const run = await trainyard(['watch', '99', ...chainOptions()])
  expect(run).toMatchObject({ code: 1, stdout: '' })
  expect(run.stderr).toContain('There is no order 99')
})

async function buyerOf(name: string): Promise<string[]> {
  const { job, data } = await tinyJob()
  return orderArgs(name, job, [data.train, data.heldOut])
}

let dear: Promise<string> | undefined

/** The offer of a machine at an hourly price that no test account can pay, with a bond that covers it. */
function dearOffer(): Promise<string> {
  dear ??= (async () => {
    const bondWei = String(parseEther('99000'))
    const { config } = await rig.seller('dear', { pricePerHourWei: String(parseEther('200000')), bondWei })
    const client = await startClient(config)
    await client.kill()
    return String((await readMachine(rig.buyer, client.machineId)).offerId)
  })()
  return dear
}
