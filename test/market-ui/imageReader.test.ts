import { expect, test } from 'vitest'
import { ImageReader } from '../../market-ui/server/api/ImageReader.ts'

const image = `sha256:${'ab'.repeat(32)}`
const other = `sha256:${'cd'.repeat(32)}`
type Parts = ConstructorParameters<typeof ImageReader>[0]

/** A chain whose settled orders are these, newest first; machines do not answer. */
function readerOf(settled: { orderId: number; settledAt: number }[], jobs: Map<number, string>) {
  const read: number[] = []
  const statusOf = (id: number) => (id % 2 === 0 ? 'Unaudited' : 'Completed')
  const rows = {
    settledOrders: async (limit: number) => settled.slice(0, limit),
    machine: async () => ({ machine: { endpoint: 'http://127.0.0.1:1', hardwareClass: 'canonical' } }),
    eventsOfOrder: async () => [],
    order: async (id: number) => {
      read.push(id)
      const order = { terms: { mode: 'Bitwise', jobHash: String(id) }, status: statusOf(id), machineId: 1n }
      return { order, audit: { outcome: statusOf(id) === 'Completed' ? 'Pass' : 'Undecided' } }
    },
  }
  const readJob = async (_cid: string | null, hash: string) => {
    const named = jobs.get(Number(hash))
    return named ? { environment: { profile: 'image', image: named } } : null
  }
  const parts = { rows, jobs: { readJob }, allowPrivate: false } as unknown as Parts
  const reader = new ImageReader(parts)
  const ask = async (what = image) => {
    const { passed, unaudited } = (await reader.of(1, what, AbortSignal.timeout(10_000)))!
    return { passed, unaudited }
  }
  return { ask, read }
}

test('behavior: a settled order is looked at once, one that is settled anew once more', async () => {
  const settled = [4, 3, 2, 1].map((orderId) => ({ orderId, settledAt: 100 }))
  const jobs = new Map([1, 2, 3].map((id) => [id, image])).set(4, other)
  const { ask, read } = readerOf(settled, jobs)
  expect(await ask()).toEqual({ passed: 2, unaudited: 1 })
  expect(await ask(other)).toEqual({ passed: 0, unaudited: 1 })
  expect(read).toEqual([4, 3, 2, 1])
  settled[0]!.settledAt = 200 // the chain reorganised
  settled.pop()
  expect(await ask()).toEqual({ passed: 1, unaudited: 1 })
  expect(read).toEqual([4, 3, 2, 1, 4])
})

test('behavior: an order whose job is not in the store yet is looked at again', async () => {
  const jobs = new Map<number, string>()
  const { ask, read } = readerOf([{ orderId: 1, settledAt: 100 }], jobs)
  expect(await ask()).toEqual({ passed: 0, unaudited: 0 })
  jobs.set(1, image)
  expect(await ask()).toEqual({ passed: 1, unaudited: 0 })
  expect(read).toEqual([1, 1])
})
