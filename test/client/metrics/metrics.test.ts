import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readConfig } from '../../../client/src/config/readConfig.ts'
import { type Daemon, startDaemon } from '../../../client/src/daemon.ts'
import { createStats } from '../../../client/src/metrics/createStats.ts'
import { orderTinyJob, statusIs } from '../rig/orders.ts'
import { passAudit } from '../rig/passAudit.ts'
import { type Rig, startRig } from '../rig/startRig.ts'
import { until } from '../rig/until.ts'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 }) // a chain and processes on a busy machine

// As nvidia-smi of driver 550 prints it; the second GPU does not measure its power.
const SMI = `#!/bin/sh
case "$1" in
--query-gpu=*)
  echo "0, GPU-1111, NVIDIA H100 PCIe, 37, 1024, 80000, 212.45, 51, 1755, 1593"
  echo "1, GPU-2222, NVIDIA T4, 0, 3, 15357, [N/A], 33, 300, 405";;
*) exit 9;;
esac
`
const dashboard = join(import.meta.dirname, '../../../client/grafana/dashboard.json')

let rig: Rig
let daemon: Daemon
const stats = createStats()
beforeAll(async () => {
  rig = await startRig()
  const { config, home } = await rig.seller('watched')
  const bin = join(home, 'bin')
  await mkdir(bin)
  await writeFile(join(bin, 'nvidia-smi'), SMI, { mode: 0o755 })
  const searchPath = `${bin}:/usr/bin:/bin`
  daemon = await startDaemon(await readConfig(config), {
    logger: pino({ level: 'silent' }),
    stats,
    searchPath,
  })
})
afterAll(async () => {
  await daemon?.stop()
  await rig?.stop()
})

const scrape = async () => (await fetch(daemon.metricsUrl)).text()
/** Values by metric and labels. */
async function samples(): Promise<Record<string, number>> {
  const lines = (await scrape()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  )
}

test('default: GPUs under the names of dcgm-exporter, and only what they tell', async () => {
  const found = await samples()
  const first = '{gpu="0",UUID="GPU-1111",device="nvidia0",modelName="NVIDIA H100 PCIe"}'
  expect(found).toMatchObject({
    [`DCGM_FI_DEV_GPU_UTIL${first}`]: 37,
    [`DCGM_FI_DEV_FB_USED${first}`]: 1024,
    [`DCGM_FI_DEV_POWER_USAGE${first}`]: 212.45,
    [`DCGM_FI_DEV_GPU_TEMP${first}`]: 51,
  })
  expect(Object.keys(found).filter((name) => name.includes('GPU-2222'))).toHaveLength(6)
  expect(Object.keys(found).filter((name) => /POWER.*GPU-2222/.test(name))).toEqual([])
})

test('default: orders, windows and what they earned', async () => {
  expect(await samples()).toMatchObject({ trainyard_ready: 1, trainyard_earned_wei: 0 })
  const orderId = await orderTinyJob(rig, daemon.machineId)
  await statusIs(rig, orderId, 'Auditing')
  await passAudit(rig, orderId)
  const { paidWei } = await statusIs(rig, orderId, 'Completed')
  const found = await until(async () => {
    const now = await samples()
    return now['trainyard_orders{status="Completed",machine="1"}'] === 1 ? now : undefined
  })
  expect(found).toMatchObject({ trainyard_windows_committed: 5, trainyard_earned_wei: Number(paidWei) })
  expect(found.trainyard_chain_head_age_seconds).toBeLessThan(60)
  expect(found.trainyard_resident_memory_bytes).toBeGreaterThan(1e7)
  expect(found.trainyard_disk_free_bytes).toBeLessThanOrEqual(found.trainyard_disk_size_bytes!)
})

test('behavior: RPC errors are counted by address, and the newest error has a time', async () => {
  stats.rpcFailed('node.example:8545')
  stats.lastError = { message: 'effect failed', atMs: 1_700_000_000_500 }
  expect(await samples()).toMatchObject({
    'trainyard_rpc_errors_total{address="node.example:8545"}': 1,
    'trainyard_last_error_timestamp_seconds{message="effect failed"}': 1_700_000_000.5,
  })
})

test('behavior: the dashboard asks for nothing that is not there', async () => {
  const { panels } = JSON.parse(await readFile(dashboard, 'utf8')) as {
    panels: { targets: { expr: string }[] }[]
  }
  const asked = panels.flatMap(({ targets }) =>
    targets.flatMap(({ expr }) => expr.match(/\b(trainyard|DCGM)_\w+/g) ?? []),
  )
  const told = new Set([...(await scrape()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name))
  expect(new Set(asked).size).toBeGreaterThan(15)
  expect(asked.filter((name) => !told.has(name))).toEqual([])
})

test('error: only this machine is told, only about metrics, and not by the public API', async () => {
  expect(new URL(daemon.metricsUrl).hostname).toBe('127.0.0.1')
  expect((await fetch(daemon.metricsUrl.replace('/metrics', '/'))).status).toBe(404)
  expect((await fetch(`${daemon.url}/metrics`)).status).toBe(404)
})
