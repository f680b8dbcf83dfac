import { readdir, statfs } from 'node:fs/promises'
import { Counter, Gauge, Registry } from 'prom-client'
import type { Ready } from '../api/buildApi.ts'
import type { Stats } from './createStats.ts'
import { readEarned } from './readEarned.ts'
import { GPU_GAUGES, readGpuGauges } from './readGpuGauges.ts'

type Source = { ready: () => Ready | undefined; stats: Stats; searchPath: string }

/** The daemon's metrics in Prometheus' text format, read anew at each call. GPU hardware has dcgm-exporter's names. */
export function createMetrics(source: Source): { text(): Promise<string>; contentType: string } {
  const registry = new Registry()
  const refresh = [
    addOrders(registry, source),
    addChain(registry, source),
    addMoney(registry, source),
    addHost(registry, source),
    addGpus(registry, source),
  ]
  return {
    contentType: registry.contentType,
    async text() {
      await Promise.all(refresh.map((read) => read()))
      return registry.metrics()
    },
  }
}

type Refresh = () => Promise<void> | void

function gauge<L extends string = string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: L[] = [],
) {
  return new Gauge({ name, help, labelNames, registers: [registry] })
}

function addOrders(registry: Registry, { ready }: Source): Refresh {
  const up = gauge(registry, 'trainyard_ready', '1 once the daemon takes orders.')
  const orders = gauge(registry, 'trainyard_orders', 'Orders by phase; settled ones by how they ended.', [
    'status',
    'machine',
  ])
  const windows = gauge(registry, 'trainyard_windows_committed', 'Windows on chain, of all orders.')
  return () => {
    const now = ready()
    up.set(now ? 1 : 0)
    orders.reset()
    let committed = 0
    for (const { order } of now?.book.all() ?? []) {
      const state = order.state()
      const status = state.phase === 'settled' ? state.status : state.phase
      orders.inc({ status, machine: String(order.machineId) })
      if ('work' in state && state.work) committed += state.work.committed
    }
    windows.set(committed)
  }
}

function addChain(registry: Registry, { ready, stats }: Source): Refresh {
  const block = gauge(registry, 'trainyard_chain_head_block', 'Newest block that was seen.')
  const age = gauge(
    registry,
    'trainyard_chain_head_age_seconds',
    "Age of that block by this machine's clock.",
  )
  const name = 'trainyard_rpc_errors_total'
  const help = 'RPC requests that failed, by address.'
  const errors = new Counter({ name, help, labelNames: ['address'], registers: [registry] })
  return () => {
    const { number, timestamp } = ready()?.machines[0].head.current() ?? { number: 0, timestamp: 0 }
    block.set(number)
    if (timestamp > 0) age.set(Math.max(0, Date.now() / 1000 - timestamp))
    errors.reset()
    for (const [address, count] of stats.rpcErrors) errors.inc({ address }, count)
  }
}

function addMoney(registry: Registry, { ready }: Source): Refresh {
  const help = 'What settled orders have paid the seller; missing while the chain does not answer.'
  const earned = gauge(registry, 'trainyard_earned_wei', help)
  return async () => {
    const now = ready()
    earned.reset()
    const wei = now && (await readEarned(now).catch(() => undefined))
    if (wei === undefined) earned.remove()
    else earned.set(Number(wei))
  }
}

function addHost(registry: Registry, { ready, stats }: Source): Refresh {
  const free = gauge(registry, 'trainyard_disk_free_bytes', 'Free bytes of the file system of dataDir.')
  const size = gauge(registry, 'trainyard_disk_size_bytes', 'Size of the file system of dataDir.')
  const memory = gauge(registry, 'trainyard_resident_memory_bytes', 'Memory of this process.')
  const files = gauge(registry, 'trainyard_open_files', 'Open files of this process.')
  const error = gauge(
    registry,
    'trainyard_last_error_timestamp_seconds',
    'When the newest error was logged.',
    ['message'],
  )
  return async () => {
    memory.set(process.memoryUsage.rss())
    files.set((await readdir('/proc/self/fd').catch(() => [])).length)
    const dataDir = ready()?.machines[0].config.dataDir
    const disk = dataDir === undefined ? undefined : await statfs(dataDir).catch(() => undefined)
    if (disk) free.set(disk.bavail * disk.bsize)
    if (disk) size.set(disk.blocks * disk.bsize)
    error.reset()
    const { lastError } = stats
    if (lastError) error.set({ message: lastError.message }, lastError.atMs / 1000)
  }
}

function addGpus(registry: Registry, { searchPath }: Source): Refresh {
  const labels = ['gpu', 'UUID', 'device', 'modelName']
  const gauges = new Map(GPU_GAUGES.map(({ name, help }) => [name, gauge(registry, name, help, labels)]))
  return async () => {
    for (const each of gauges.values()) each.reset()
    for (const { gpu, uuid, model, values } of await readGpuGauges(searchPath)) {
      const of = { gpu, UUID: uuid, device: `nvidia${gpu}`, modelName: model }
      for (const [name, each] of gauges) {
        const value = values.get(name)
        if (value !== undefined) each.set(of, value)
      }
    }
  }
}
