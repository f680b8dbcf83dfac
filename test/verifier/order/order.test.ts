import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { reportBundle } from '@trainyard/verifier/report/report.ts'
import { formatUnits } from 'ethers'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readConfig } from '../../../client/src/config/readConfig.ts'
import { type Daemon, startDaemon } from '../../../client/src/daemon.ts'
import { orderTinyJob, statusIs } from '../../client/rig/orders.ts'
import { passAudit } from '../../client/rig/passAudit.ts'
import { type Rig, startRig } from '../../client/rig/startRig.ts'
import { createLightKeystore } from '../../helpers/createLightKeystore.ts'
import { flipByte } from '../../helpers/tamperBundle.ts'
import { runOrderCommand } from './runOrderCommand.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 }) // a chain and processes on a busy machine

let rig: Rig
let daemon: Daemon
let orders: { public: bigint; private: bigint }
beforeAll(async () => {
  rig = await startRig()
  const { config } = await rig.seller('seller')
  daemon = await startDaemon(await readConfig(config), { logger: pino({ level: 'silent' }) })
  orders = { public: await settledOrder('public'), private: await settledOrder('private') }
})
afterAll(async () => {
  await daemon?.stop()
  await rig?.stop()
})

async function settledOrder(access: 'public' | 'private'): Promise<bigint> {
  const orderId = await orderTinyJob(rig, BigInt(daemon.machineId), { access })
  await statusIs(rig, orderId, 'Auditing')
  await passAudit(rig, orderId)
  await statusIs(rig, orderId, 'Completed')
  return orderId
}

const verifyOrder = (orderId: bigint | string, ...more: string[]) => runOrderCommand(rig, orderId, ...more)

test('default: a stranger verifies a finished public order', async () => {
  const runtime = ['--deployment', rig.devnet.deployment.runtime]
  const out = join(rig.dir, 'kept')
  const asked = await verifyOrder(orders.public, ...runtime, '--out', out)
  expect(asked).toMatchObject({ code: 0, stderr: '' })
  expect(asked.answer).toMatchObject({ verdict: 'valid', trace: 'seller', status: 'Completed', steps: 240 })
  const statuses = asked.answer.checks.map(({ status }: { status: string }) => status)
  expect(new Set(statuses)).toEqual(new Set(['pass'])) // the chain's too
  expect(await readdir(out)).toContain('manifest.json')

  const { page } = await reportBundle(out, { rpc: rig.devnet.rpcUrl })
  const { paidWei, refundedWei } = await readOrder(rig.buyer, orders.public)
  expect(page).toContain(`${formatUnits(refundedWei)} DEV`)
  expect(page).toMatch(/Paid to the seller<\/th>\s*<td class="number">0\.\d+ DEV<\/td>/)
  expect(paidWei).toBeGreaterThan(0n)
})

test('behavior: a private order is verified by its owner, and by nobody else', async () => {
  const deployment = ['--deployment', join(rig.dir, 'deployment.json')]
  const refused = await verifyOrder(orders.private, ...deployment)
  expect(refused).toMatchObject({ code: 2, answer: { verdict: 'undecided' } })
  expect(refused.stderr).toContain('Give --keystore and --password-file')

  const account = async (name: string, secretKey?: string) => {
    const home = join(rig.dir, name)
    await mkdir(home)
    const [file, passwordFile] = [join(home, 'key.json'), join(home, 'password')]
    writeFileSync(passwordFile, 'secret\n', { mode: 0o600 })
    const key = secretKey === undefined ? {} : { secretKey: Buffer.from(secretKey.slice(2), 'hex') }
    await createLightKeystore({ file, passwordFile, ...key })
    return ['--keystore', file, '--password-file', passwordFile]
  }
  const owner = await account('owner', rig.buyer.wallet.privateKey)
  expect(await verifyOrder(orders.private, ...deployment, ...owner)).toMatchObject({
    code: 0,
    answer: { verdict: 'valid', trace: 'seller' },
  })
  const stranger = await account('stranger')
  expect(await verifyOrder(orders.private, ...deployment, ...stranger)).toMatchObject({ code: 2 })
})

test('error: no such order, no such contracts, a store without its content', async () => {
  const deployment = ['--deployment', rig.devnet.deployment.runtime]
  const missing = await verifyOrder('4711', ...deployment)
  expect(missing).toMatchObject({ code: 2, answer: { verdict: 'undecided' } })
  expect(missing.stderr).toContain('There is no order 4711')
  const nothing = await verifyOrder(orders.public, '--deployment', rig.buyer.address)
  expect(nothing.code).toBe(2)
  expect(nothing.stderr).toContain('There is no contract at')
  const empty = await verifyOrder(orders.public, ...deployment, '--store', daemon.url)
  expect(empty.code).toBe(2)
  expect(empty.stderr).toContain('is not available')
  expect((await verifyOrder('x', ...deployment)).code).toBe(2)
})

test('behavior: what a seller serves later does not make its committed work wrong', async () => {
  const runtime = ['--deployment', rig.devnet.deployment.runtime]
  const kept = globSync(join(rig.dir, `seller*/data/**/${orders.public}/**/240*`), { withFileTypes: true })
  const file = kept.find((entry) => entry.isFile() && entry.name.endsWith('.safetensors'))!
  const path = join(file.parentPath, file.name)
  writeFileSync(path, flipByte(new Uint8Array(readFileSync(path)), -1))
  const found = await verifyOrder(orders.public, ...runtime)
  expect(found).toMatchObject({ code: 0, answer: { verdict: 'valid', trace: 'recomputed' } })
})

test('behavior: chain and CIDs are enough when the seller is gone', async () => {
  await daemon.stop()
  const gone = await verifyOrder(orders.public, '--deployment', rig.devnet.deployment.runtime)
  expect(gone).toMatchObject({ code: 0, answer: { verdict: 'valid', trace: 'recomputed', steps: 240 } })
  const hidden = await verifyOrder(orders.private, '--deployment', rig.devnet.deployment.runtime)
  expect(hidden).toMatchObject({ code: 2, answer: { verdict: 'undecided' } })
})
