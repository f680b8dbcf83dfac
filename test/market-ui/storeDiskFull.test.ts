import { readdir } from 'node:fs/promises'
import { putBlocks } from '@trainyard/verifier/content/putBlocks.ts'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { cidOf } from './blockOf.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'

const disk = vi.hoisted(() => ({ isFull: false }))
// A full file system cannot be made without the rights of root.
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>()
  const open: typeof real.open = async (path, ...rest) => {
    if (disk.isFull && String(path).endsWith('.tmp'))
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
    return real.open(path, ...rest)
  }
  return { ...real, open }
})

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

it('error: a full disk is said as such, and the block can be put once there is room', async () => {
  const bytes = Buffer.from('no room for this')
  const block = { cid: cidOf(bytes), bytes }
  const url = `${server.url}/store/blocks/${block.cid}`
  disk.isFull = true
  const refused = await fetch(url, { method: 'PUT', body: bytes })
  expect(refused.status).toBe(507)
  expect(await refused.json()).toMatchObject({ title: "The store's disk is full", moneyMoved: false })
  await expect(putBlocks(server.url, [block])).rejects.toMatchObject({
    name: 'StoreUnavailable',
    status: 507,
    message: expect.stringContaining("(HTTP 507). The store's disk is full."),
    suggestion: expect.stringContaining('No money moved.'),
  })
  disk.isFull = false
  expect((await fetch(url, { method: 'PUT', body: bytes })).status).toBe(201)
  expect(await readdir(server.dataDir, { recursive: true })).not.toContainEqual(
    expect.stringMatching(/\.tmp$/),
  )
})
