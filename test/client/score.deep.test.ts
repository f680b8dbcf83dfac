import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startClient } from './rig/startClient.ts'
import { type Rig, startRig } from './rig/startRig.ts'
import { until } from './rig/until.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.stop())

test('default: a daemon with score = "on" answers a round and serves its states to auditors', async () => {
  const { config } = await rig.seller('scored', { score: 'on' })
  const client = await startClient(config)
  try {
    await client.logged(({ msg }) => msg === 'asked for benchmarks')
    await rig.devnet.advance(1_300) // the next round is overdue
    const { round } = await client.logged(({ msg }) => msg === 'benchmark submitted')
    const address = `${client.url}/benchmarks/${client.machineId}/${round}`
    const served = await until(async () => {
      const answer = await fetch(address)
      return answer.status === 200 ? ((await answer.json()) as { openings: unknown[] }) : undefined
    }, 60_000)
    expect(served.openings.length).toBeGreaterThan(0)
    expect((await fetch(`${client.url}/benchmarks/${client.machineId}/9999`)).status).toBe(404)
  } finally {
    await client.terminate()
  }
})
