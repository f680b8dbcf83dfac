import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Config } from '../../../client/src/config/config.ts'
import { startDaemon } from '../../../client/src/daemon.ts'
import { openJournal } from '../../../client/src/journal/openJournal.ts'
import { seenOrder } from '../../../client/src/order/state.ts'

const disk = vi.hoisted(() => ({ freeBytes: 0 }))
// A file system of a chosen size cannot be made without the rights of root.
vi.mock('node:fs/promises', async (original) => ({
  ...(await original<typeof import('node:fs/promises')>()),
  statfs: async () => ({ bavail: disk.freeBytes, bsize: 1 }),
}))

const MIB = 1024 * 1024
let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'trainyard-room-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

/** Gets as far as the deployment, which is not there. */
const start = () => {
  const config = { dataDir, deployment: join(dataDir, 'none.json') } as Config
  return startDaemon(config, { logger: pino({ level: 'silent' }) })
}

test('default: with room for an order the daemon goes on', async () => {
  disk.freeBytes = 256 * MIB
  await expect(start()).rejects.toThrow('none.json cannot be read')
})

test('error: without room for an order it does not start, and takes none', async () => {
  disk.freeBytes = 256 * MIB - 1
  await expect(start()).rejects.toMatchObject({
    name: 'CannotContinue',
    message: `The disk of ${dataDir} is full: 255 MiB are free, 256 MiB are needed.`,
  })
})

test('behavior: an order under way is taken up however full the disk is', async () => {
  const journal = openJournal(join(dataDir, 'journal.sqlite'))
  journal.saveOrder(seenOrder('1'), 0)
  journal.close()
  disk.freeBytes = 0
  await expect(start()).rejects.toThrow('none.json cannot be read')
})
