import { createHash } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ChainRows } from '@trainyard/market-ui/db/ChainRows.ts'
import { openDatabase } from '@trainyard/market-ui/db/openDatabase.ts'
import type { MachineFacts } from '@trainyard/market-ui/follower/facts.ts'
import { BlockStore } from '@trainyard/market-ui/store/BlockStore.ts'
import { UptimeStore } from '@trainyard/market-ui/uptime/UptimeStore.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { id, parseEther } from 'ethers'
import { parseBlockCid } from '../../market-ui/server/store/parseBlockCid.ts'
import { cidOf } from './blockOf.ts'

const now = Math.floor(Date.now() / 1000)
const block = { number: 1, hash: id('block'), at: now }
const chain = { chainId: 31_337, genesisHash: id('genesis'), market: `0x${'11'.repeat(20)}` }
const GIB = 1024 ** 3

const MODELS = ['NVIDIA H200', 'NVIDIA H100 80GB HBM3', 'NVIDIA L40S', 'NVIDIA GeForce RTX 4090']
const REGIONS = ['eu-central', 'Oslo, Norway', 'us-east', 'ap-south', null]
/** So many unlike machines there are; sellers of equal ones publish equal facts. */
const KINDS = 400

/**
 * A data folder as a server would have left it after `count` machines were offered, with specifications, scores and what it
 * saw of their endpoints. The caller removes it.
 */
export const writeManyMachines = async (count: number): Promise<string> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'trainyard-many-'))
  const specHashes = await writeSpecs(dataDir)
  const db = await openDatabase(dataDir)
  const rows = new ChainRows(db)
  await rows.reset(chain)
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  const machines = new Map(numbers.map((number) => [number, factsOf(number, specHashes[number % KINDS]!)]))
  await rows.apply({ to: block, blocks: [], events: [], orders: new Map(), machines, disputes: new Map() })
  await db.close()
  const uptime = new UptimeStore(dataDir)
  uptime.use(chain)
  for (let day = 3; day >= 0; day -= 1)
    uptime.note(
      numbers.map((number) => ({ machineId: number, isUp: (number + day) % 9 !== 0 })),
      now - day * 86_400,
    )
  uptime.close()
  return dataDir
}

const writeSpecs = async (dataDir: string): Promise<string[]> => {
  const store = await BlockStore.open(join(dataDir, 'blocks'), {
    maxBytes: 2 ** 30,
    maxBytesPerSender: 2 ** 30,
  })
  const hashes: string[] = []
  for (let kind = 0; kind < KINDS; kind += 1) {
    const bytes = Buffer.from(canonicalBytes(specsOf(kind)))
    await store.put(parseBlockCid(cidOf(bytes)), bytes, '127.0.0.1')
    hashes.push(`0x${createHash('sha256').update(bytes).digest('hex')}`)
  }
  store.close()
  return hashes
}

const specsOf = (kind: number) => ({
  version: 3,
  region: REGIONS[kind % REGIONS.length],
  cpu: { manufacturer: 'AMD', brand: `EPYC ${9000 + kind}`, cores: 64, physicalCores: 32 },
  memoryBytes: (64 + (kind % 8) * 64) * GIB,
  diskBytes: (500 + (kind % 20) * 250) * GIB,
  network: { linkMbps: 10_000 },
  os: { platform: 'linux', distro: 'Debian', release: '13', kernel: '6.12.1', arch: 'x64' },
  gpus: Array.from({ length: kind % 6 === 5 ? 0 : 2 ** (kind % 4) }, (_, index) => ({
    model: MODELS[kind % MODELS.length],
    uuid: `GPU-${kind}-${index}`,
    memoryBytes: (24 + (kind % 4) * 39) * GIB,
    driverVersion: `5${70 + (kind % 3) * 10}.65.06`,
    cudaVersion: `1${2 + (kind % 2)}.${kind % 9}`,
  })),
})

/** Prices from 1 to 50 DEV, records from none to 30 orders, one in seven working, one in eleven not offered. */
const factsOf = (number: number, specHash: string): MachineFacts => {
  const isOffered = number % 11 !== 0
  const offer = {
    seller: addressOf(number % 500),
    machineId: String(number),
    pricePerHourWei: String(parseEther(String(1 + (number % 50)))),
    minSeconds: 1,
    maxSeconds: 600 * (1 + (number % 12)),
    expiresAt: 4_000_000_000,
    open: true,
  }
  const machine = {
    owner: addressOf(number % 500),
    specHash,
    hardwareClass: id('canonical'),
    endpoint: `https://m${number}.example`,
    status: number % 7 === 0 ? 'Renting' : isOffered ? 'ForRent' : 'Idle',
    offerId: isOffered ? String(number) : '0',
    currentOrderId: '0',
    completed: number % 31,
    failed: number % 3,
    expired: 0,
  }
  const reputation = { lateStartSeconds: 0, overrunSeconds: 0, feeBurnedWei: '0', lastHeartbeatAt: now }
  const credits = number % 4 === 0 ? { nutPerDay: number * 1e7, creditedAt: now - 3_600 } : null
  return { machine, offer: isOffered ? offer : null, reputation, credits } as unknown as MachineFacts
}

const addressOf = (number: number): string => `0x${number.toString(16).padStart(40, '0')}`
