import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ChainRows } from '@trainyard/market-ui/db/ChainRows.ts'
import { openDatabase } from '@trainyard/market-ui/db/openDatabase.ts'
import type { MachineFacts } from '@trainyard/market-ui/follower/facts.ts'
import { id, parseEther } from 'ethers'

const block = { number: 1, hash: id('block'), at: 1_700_000_000 }

/** A data folder as a follower would have left it after `count` machines were offered. The caller removes it. */
export const writeManyMachines = async (count: number): Promise<string> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'trainyard-many-'))
  const db = await openDatabase(dataDir)
  const rows = new ChainRows(db)
  await rows.reset({ chainId: 31_337, genesisHash: id('genesis'), market: `0x${'11'.repeat(20)}` })
  const machines = new Map(Array.from({ length: count }, (_, index) => [index + 1, factsOf(index + 1)]))
  await rows.apply({ to: block, blocks: [], events: [], orders: new Map(), machines, disputes: new Map() })
  await db.close()
  return dataDir
}

/** Prices from 1 to 50 DEV, records from none to 30 orders, one in seven working, one in eleven not offered. */
const factsOf = (number: number): MachineFacts => {
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
    specHash: id(`spec${number}`),
    hardwareClass: id('canonical'),
    endpoint: `https://m${number}.example`,
    status: number % 7 === 0 ? 'Renting' : isOffered ? 'ForRent' : 'Idle',
    offerId: isOffered ? String(number) : '0',
    currentOrderId: '0',
    completed: number % 31,
    failed: number % 3,
    expired: 0,
  }
  return { machine, offer: isOffered ? offer : null } as unknown as MachineFacts
}

const addressOf = (number: number): string => `0x${number.toString(16).padStart(40, '0')}`
