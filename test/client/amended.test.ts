import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { readDraw } from '@trainyard/contracts/readDraw.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readWindow } from '@trainyard/contracts/readWindow.ts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { fetchBundle } from '../../client/src/buyer/fetchBundle.ts'
import { dieAt } from './rig/dieAt.ts'
import { committedWindows, orderTinyJob, statusIs } from './rig/orders.ts'
import { passAudit } from './rig/passAudit.ts'
import { startClient } from './rig/startClient.ts'
import { type Rig, startRig } from './rig/startRig.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 90_000 }) // a chain and processes on a busy machine

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.stop())

type Seller = Awaited<ReturnType<Rig['seller']>>

/** Until it kills itself at the moment. */
async function hashWrongly({ config, home }: Seller, moment: string): Promise<void> {
  const script = join(import.meta.dirname, 'rig', 'wrongHash.ts')
  const args = [script, config, join(home, 'data', 'orders'), moment]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'pipe'] })
  const log = text(child.stderr)
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  if (signal !== 'SIGKILL') throw new Error((await log).split('\n').slice(-8).join('\n'))
}

/** A machine that is registered and offered, and nobody at home. */
async function asleep(name: string) {
  const seller = await rig.seller(name, { checkpointMegabytes: 0 })
  const client = await startClient(seller.config)
  await client.terminate()
  return { ...seller, machineId: client.machineId }
}

/** The daemon brings the order to its end, and everything in its bundle holds. */
async function expectPaid(seller: Seller, orderId: bigint): Promise<void> {
  const client = await startClient(seller.config)
  try {
    await statusIs(rig, orderId, 'Auditing')
    await passAudit(rig, orderId)
    await statusIs(rig, orderId, 'Completed')
    const out = join(rig.dir, `bundle-${orderId}`)
    const found = await fetchBundle({ context: rig.buyer, orderId, store: rig.market.url, out })
    expect(found.verdict).toBe('valid')
  } finally {
    await client.terminate()
  }
}

test('behavior: a window that was hashed wrongly is trained again and amended, though the daemon dies meanwhile', async () => {
  const seller = await asleep('forgetful')
  const orderId = await orderTinyJob(rig, seller.machineId)
  await hashWrongly(seller, 'after AmendWindow')
  expect((await readWindow(rig.buyer, orderId, 0))?.amendment).toBe(1)
  await expectPaid(seller, orderId)
  // Amended once: the answer was lost, and not asked for twice.
  expect(await committedWindows(rig, orderId)).toEqual([0, 0, 1, 2, 3, 4])
  expect(await readWindow(rig.buyer, orderId, 0)).toMatchObject({ amendment: 1, extraDraw: true })
  const { segments } = await readDraw(rig.buyer, orderId)
  const { terms } = await readOrder(rig.buyer, orderId)
  expect(segments.length).toBe(terms.draws + 2 + 1)
})

test('behavior: a checkpoint that was damaged on disk is computed again, and nothing is amended', async () => {
  const seller = await asleep('rusty')
  const orderId = await orderTinyJob(rig, seller.machineId)
  await dieAt(seller.config, 'after CommitWindow')
  const file = join(seller.home, 'data', 'orders', String(orderId), 'checkpoints', '48.safetensors')
  const bytes = await readFile(file)
  bytes[Math.floor(bytes.length / 2)]! ^= 1
  await writeFile(file, bytes)
  await expectPaid(seller, orderId)
  expect(await committedWindows(rig, orderId)).toEqual([0, 1, 2, 3, 4])
  expect(await readWindow(rig.buyer, orderId, 0)).toMatchObject({ amendment: 0, extraDraw: false })
})
