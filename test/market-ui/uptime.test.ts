import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hub } from '@trainyard/market-ui/live/Hub.ts'
import { type Uptime, UptimeStore } from '@trainyard/market-ui/uptime/UptimeStore.ts'
import { UptimeWatch } from '@trainyard/market-ui/uptime/UptimeWatch.ts'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Machine } from '../../market-ui/server/api/machineSchemas.ts'
import type { ChainRows } from '../../market-ui/server/db/ChainRows.ts'
import { waitFor } from './waitFor.ts'

const seller = `0x${'5e'.repeat(20)}`
const benchmark = {
  measuredAt: '2026-11-30T12:00:00.000Z',
  figures: [{ id: 'training', unit: 'samples/s', median: 2, lowest: 1, highest: 3, runs: 3 }],
}
const chain = { chainId: 1, genesisHash: '0xa', market: '0xb' }
const closing: (() => unknown)[] = []
let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'trainyard-uptime-'))
  closing.push(() => rm(dataDir, { recursive: true, force: true }))
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A daemon that answers what it is told to; counts who asks. */
const startDaemon = async (answer: () => { status?: number; body: string }, host = '127.0.0.1') => {
  const asked: string[] = []
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const { status = 200, body } = answer()
    response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(body)
  }).listen(0, host)
  await once(server, 'listening')
  closing.push(() => server.close())
  return { url: `http://${host}:${(server.address() as AddressInfo).port}`, asked }
}
const health = (machineIds: readonly string[], more: object = {}) =>
  JSON.stringify({ seller, machines: machineIds.map((machineId) => ({ machineId })), ...more })

const machine = (machineId: string, endpoint: string, status: Machine['status'] = 'ForRent') =>
  ({ machineId, endpoint, status, owner: seller.toUpperCase().replace('0X', '0x') }) as Machine

/** Watches until each of `machines` was asked `times` times. */
const watch = async (
  machines: readonly Machine[],
  times: number,
  allowPrivate = true,
  listed: () => readonly Machine[] = () => machines,
) => {
  const store = new UptimeStore(dataDir)
  const told: string[] = []
  const hub = new Hub()
  hub.listen(({ change }) => told.push(change.topic === 'machine' ? change.id : ''))
  const watching = new UptimeWatch({
    ...{ store, hub, allowPrivate, logger: pino({ level: 'silent' }) },
    rows: { chain: async () => chain } as unknown as ChainRows,
    machines: async () => listed(),
    everySeconds: 1,
  })
  watching.start()
  const asked = () =>
    machines.map(
      ({ machineId }) => store.of(Number(machineId))?.days.reduce((sum, day) => sum + day.asked, 0) ?? 0,
    )
  await waitFor(
    async () => asked(),
    (counts) => counts.every((count) => count >= times),
  )
  await watching.stop()
  const found = new Map(machines.map(({ machineId }) => [machineId, store.of(Number(machineId))!]))
  store.close()
  return { found, told }
}
const share = ({ days }: Uptime) => days.reduce((sum, { answered }) => sum + answered, 0) > 0

describe('UptimeWatch', () => {
  it('default: up is whose endpoint says that it is this machine of this seller; what it says of itself is kept', async () => {
    const daemon = await startDaemon(() => ({ body: health(['1', '2'], { benchmark }) }))
    const stranger = await startDaemon(() => ({
      body: health(['4']).replace(seller, `0x${'66'.repeat(20)}`),
    }))
    const { found, told } = await watch(
      [
        machine('1', daemon.url),
        machine('2', daemon.url),
        machine('3', daemon.url),
        machine('4', stranger.url),
        machine('5', 'http://127.0.0.1:1'),
      ],
      2,
    )
    expect([...found].map(([id, uptime]) => [id, share(uptime)])).toEqual([
      ['1', true],
      ['2', true],
      ['3', false],
      ['4', false],
      ['5', false],
    ])
    expect(JSON.parse(found.get('1')!.said!.text)).toEqual(benchmark)
    expect(found.get('3')!.said).toBeNull()
    expect(new Set(daemon.asked)).toEqual(new Set(['/health']))
    expect(daemon.asked).toHaveLength(2) // one question a round for all machines behind an endpoint
    expect(told.sort()).toEqual(['1', '2', '3', '4', '5']) // pages are told once, not every round
  })

  it('behavior: what was seen outlives a restart, and is not mixed with another deployment', async () => {
    const daemon = await startDaemon(() => ({ body: health(['1']) }))
    await watch([machine('1', daemon.url)], 1)
    const { found } = await watch([machine('1', daemon.url)], 2)
    expect(found.get('1')!.days.reduce((sum, { asked }) => sum + asked, 0)).toBe(2)
    const store = new UptimeStore(dataDir)
    store.use(chain)
    expect(store.of(1)).toBeDefined()
    store.use({ ...chain, genesisHash: '0xc' })
    expect(store.of(1)).toBeUndefined()
    store.close()
  })

  it('behavior: machines that are not offered are not asked, and of one host not more than 32 endpoints at a time', async () => {
    const daemon = await startDaemon(() => ({ body: health([]) }))
    const many = Array.from({ length: 40 }, (_, index) =>
      machine(String(index + 1), `${daemon.url}/${index}`),
    )
    const atRounds: number[] = []
    const idle = machine('41', `${daemon.url}/idle`, 'Idle')
    await watch(many, 1, true, () => {
      atRounds.push(daemon.asked.length)
      return [...many, idle]
    })
    expect(atRounds.slice(0, 2)).toEqual([0, 32])
    expect(new Set(daemon.asked).size).toBe(40)
    expect(daemon.asked).not.toContain('/idle/health')
  })

  it('error: what strangers serve instead of an answer counts as none, and is not followed', async () => {
    const answers: [string, () => { status?: number; body: string }][] = [
      ['too much', () => ({ body: health(['1'], { more: 'x'.repeat(300_000) }) })],
      ['a redirect', () => ({ status: 302, body: health(['1']) })],
      ['a page', () => ({ body: '<script>1</script>' })],
      [
        'many machines',
        () => ({ body: health(Array.from({ length: 100 }, (_, index) => String(index + 1))) }),
      ],
    ]
    for (const [what, answer] of answers) {
      const daemon = await startDaemon(answer)
      const { found } = await watch([machine('1', daemon.url)], 1)
      expect([what, share(found.get('1')!)]).toEqual([what, false])
      await rm(join(dataDir, 'uptime.sqlite'), { force: true })
    }
  })

  it('error: a benchmark that is none is not shown, and takes nothing from the machine', async () => {
    const wild = { ...benchmark, figures: [{ ...benchmark.figures[0], unit: '<b>'.repeat(20) }] }
    const daemon = await startDaemon(() => ({ body: health(['1'], { benchmark: wild }) }))
    const { found } = await watch([machine('1', daemon.url)], 1)
    expect(share(found.get('1')!)).toBe(true)
    expect(found.get('1')!.said!.text).toBe('null')
  })

  it('error: no inner address is asked where that is not allowed', async () => {
    const daemon = await startDaemon(() => ({ body: health(['1']) }))
    const { found } = await watch([machine('1', daemon.url)], 1, false)
    expect([share(found.get('1')!), daemon.asked]).toEqual([false, []])
  })

  it('error: while nothing at all answers, it is our own network, and counts for nobody', async () => {
    const store = new UptimeStore(dataDir)
    let rounds = 0
    const away = ['127.0.0.1', '127.0.0.2', '127.0.0.3'].map((host, index) =>
      machine(String(index + 1), `http://${host}:1`),
    )
    const watching = new UptimeWatch({
      ...{ store, hub: new Hub(), allowPrivate: true, logger: pino({ level: 'silent' }) },
      rows: {
        chain: async () => chain,
      } as unknown as ChainRows,
      machines: async () => {
        rounds += 1
        return away
      },
      everySeconds: 1,
    })
    watching.start()
    await waitFor(
      async () => rounds,
      (count) => count >= 3,
    )
    await watching.stop()
    expect(store.of(1)).toBeUndefined()
    store.close()
  })
})
