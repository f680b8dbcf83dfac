import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cancelOrder } from '@trainyard/contracts/cancelOrder.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { afterAll, beforeAll, expect } from 'vitest'
import { fetchOutput } from '../../client/src/buyer/fetchOutput.ts'
import { placeJobOrder } from '../../client/src/buyer/placeJobOrder.ts'
import { dockerTest } from '../helpers/docker.ts'
import { makeProgramImage, removeImage } from '../helpers/standInImage.ts'
import { committedWindows, orderTinyJob, statusIs } from './rig/orders.ts'
import { reached } from './rig/reached.ts'
import { startClient } from './rig/startClient.ts'
import { type Rig, startRig } from './rig/startRig.ts'
import { until } from './rig/until.ts'

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.stop())

dockerTest(
  'behavior: a container outlives its daemon, and the next one takes it over',
  async () => {
    const { config } = await rig.seller('docked', { driver: 'docker' })
    const first = await startClient(config)
    const orderId = await orderTinyJob(rig, first.machineId)
    await until(async () => ((await readWindowCount(rig.buyer, orderId)) >= 1 ? true : undefined))
    await first.kill()
    const second = await startClient(config)
    try {
      await statusIs(rig, orderId, 'Auditing')
      expect(await committedWindows(rig, orderId)).toEqual([0, 1, 2, 3, 4])
      // One run did it all: nothing was trained twice.
      expect(second.log.filter(({ msg }) => msg?.includes('resumed'))).toEqual([])
    } finally {
      // Nobody audits: a panel's time passes, then the larger one's.
      await until(async () => {
        await rig.devnet.advance(300)
        return (await readOrder(rig.buyer, orderId)).settledAt === 0 ? undefined : true
      })
      await reached(second, orderId, 'settled') // the daemon removes its containers then
      await second.terminate()
    }
  },
  180_000,
)

/** Knows nothing of checkpoints, windows or steps: reads, prints, writes, and goes on until it is stopped. */
const PROGRAM = `
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
mkdirSync('/job/out/result/words', { recursive: true })
const note = readFileSync('/job/data/note.txt', 'utf8')
writeFileSync('/job/out/result/words/shout.txt', note.toUpperCase() + process.argv.slice(2).join(' '))
process.on('SIGTERM', () => {
  writeFileSync('/job/out/result/late.txt', 'stopped')
  process.exit(0)
})
console.log('at work')
setInterval(() => undefined, 1_000)
`

dockerTest(
  'behavior: any image can be rented without proof; its output is the log, what it leaves the result',
  async () => {
    const image = await makeProgramImage(PROGRAM)
    const { config } = await rig.seller('rented', { driver: 'docker', images: [image], proofModes: ['none'] })
    const first = await startClient(config)
    const note = new TextEncoder().encode('hello ')
    const job = {
      version: 3,
      name: 'shout',
      environment: { profile: 'image', image },
      command: ['/job', 'twice'],
      files: [{ name: 'note.txt', cid: (await addBytes(note)).cid }],
      access: 'public',
      proof: { mode: 'none' },
    } as const
    const { offerId } = await readMachine(rig.buyer, first.machineId)
    const args = { context: rig.buyer, store: rig.market.url, offerId, maxSeconds: 600, stepMicros: 0 }
    const placed = await placeJobOrder({
      ...args,
      job: structuredClone(job) as never,
      data: { 'note.txt': note },
    })
    const { orderId } = placed
    const logOf = async (url: string) => (await fetch(`${url}/orders/${orderId}/events?once`)).text()
    await until(async () => ((await logOf(first.url)).includes('at work') ? true : undefined))
    await first.kill()
    const second = await startClient(config)
    try {
      await cancelOrder(rig.buyer, { orderId })
      const order = await statusIs(rig, orderId, 'Cancelled')
      expect(order).toMatchObject({ auditFeeWei: 0n, slashedWei: 0n })
      expect(order.paidWei).toBeGreaterThan(0n)
      const out = join(rig.dir, 'shout')
      const { files } = await fetchOutput({ context: rig.buyer, orderId, order, store: rig.market.url, out })
      expect(files.map(({ path }) => path)).toEqual(['late.txt', 'words/shout.txt'])
      expect(await readFile(join(out, 'words/shout.txt'), 'utf8')).toBe('HELLO /job twice')
      expect((await logOf(second.url)).match(/at work/g)).toHaveLength(1) // one run, not two
    } finally {
      await reached(second, orderId, 'settled')
      await second.terminate()
      await removeImage(image)
    }
  },
  180_000,
)
