import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseEther } from 'ethers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Rig, startRig } from '../rig/startRig.ts'
import { tinyData, tinyJob } from '../rig/tinyJob.ts'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 }) // a chain and processes on a busy machine

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.stop())

const cli = join(import.meta.dirname, '../../../client/src/cli.ts')

async function trainyard(args: string[]) {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
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
    ...['--keystore', join(home, 'keystore.json'), '--password-file', join(home, 'password')],
  ]
}

test('default: init writes a configuration that start accepts as far as the chain', async () => {
  const dir = join(rig.dir, 'new')
  const made = await trainyard([
    'init',
    '--yes',
    '--json',
    '--dir',
    dir,
    '--rpc',
    'http://127.0.0.1:1',
    '--driver',
    'process',
    '--deployment',
    join(rig.dir, 'deployment.json'),
    '--listen',
    '127.0.0.1:0',
  ])
  expect(made.code).toBe(0)
  expect(JSON.parse(made.stdout)).toMatchObject({ config: join(dir, 'config.toml') })
  const secret = (await readFile(join(dir, 'password'), 'utf8')).trim()
  expect(made.stdout + made.stderr).not.toContain(secret)
  const started = await trainyard(['start', '--config', join(dir, 'config.toml')])
  expect(started.code).toBe(75)
  expect(started.stderr).toContain('Connecting to the chain failed')
  expect((await trainyard(['init', '--yes', '--dir', dir])).code).toBe(1)
})

test('error: a wrong password', async () => {
  const { config, home } = await rig.seller('forgetful')
  await writeFile(join(home, 'password'), 'wrong\n')
  const { code, stderr } = await trainyard(['start', '--config', config])
  expect(code).toBe(1)
  expect(stderr).toContain('does not open the keystore')
  expect(stderr).not.toContain('wrong\\n')
})

test('error: a broken job names the field', async () => {
  const { job, data } = await tinyJob()
  const broken = { ...job, hyperparameters: { ...job.hyperparameters, momentum: 2 } }
  const { code, stdout } = await trainyard(await orderArgs('typist', broken, [data.train, data.heldOut]))
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({ moneyMoved: false })
  expect(stdout).toContain('hyperparameters.momentum')
})

test('error: data whose hash is not the one in the job', async () => {
  const { job, data } = await tinyJob()
  const { code, stdout } = await trainyard(await orderArgs('careless', job, [data.train, tinyData(32, 9)]))
  expect(code).toBe(1)
  expect(stdout).toContain("No --data file has the hash of the job's data.heldOut")
})

test('error: a buyer without money learns how much is missing', async () => {
  const { machineId } = await offeredMachine()
  const { job, data } = await tinyJob()
  const args = await orderArgs('broke', job, [data.train, data.heldOut])
  const { code, stdout } = await trainyard([...args, '--max-seconds', '3600', '--offer', String(machineId)])
  expect(code).toBe(1)
  expect(stdout).toMatch(/DEV are missing: the order takes/)
}, 60_000)

test('error: no command, an unknown option', async () => {
  expect((await trainyard(['order', '--nonsense'])).code).toBe(1)
})

/** A machine at an hourly price that none of the test accounts can pay, and a bond that covers it. */
async function offeredMachine() {
  const { startClient } = await import('../rig/startClient.ts')
  const bondWei = String(parseEther('99000'))
  const { config } = await rig.seller('dear', { pricePerHourWei: String(parseEther('200000')), bondWei })
  const client = await startClient(config)
  await client.kill()
  return client
}

test('error: watching an order that does not exist ends with a sentence', async () => {
  const run = await trainyard(['watch', '99', ...chainOptions()])
  expect(run).toMatchObject({ code: 1, stdout: '' })
  expect(run.stderr).toContain('There is no order 99')
})
