import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlockStore, MAX_BLOCK_BYTES } from '@trainyard/market-ui/store/BlockStore.ts'
import { parseBlockCid } from '@trainyard/market-ui/store/parseBlockCid.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cidOf } from './blockOf.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'

const hello = Buffer.from('hello')
const problemType = 'application/problem+json; charset=utf-8'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const put = (cid: string, body: Uint8Array<ArrayBuffer>, type = 'application/vnd.ipld.raw') =>
  fetch(`${server.url}/store/blocks/${cid}`, { method: 'PUT', body, headers: { 'content-type': type } })

/** fetch cleans paths up; this sends them as they are. */
const rawStatus = (method: string, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url)
    request({ hostname, port, method, path }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end('x')
  })

describe('store', () => {
  it('default: a block that was put is served as raw bytes for ever', async () => {
    const cid = cidOf(hello)
    const first = await put(cid, hello)
    expect([first.status, await first.json()]).toEqual([201, { cid, bytes: 5 }])
    expect((await put(cid, hello)).status).toBe(200)

    const got = await fetch(`${server.url}/ipfs/${cid}?format=raw`)
    expect(Buffer.from(await got.arrayBuffer())).toEqual(hello)
    expect(got.headers.get('content-type')).toBe('application/vnd.ipld.raw')
    expect(got.headers.get('cache-control')).toContain('immutable')
    const etag = got.headers.get('etag') ?? ''
    const again = await fetch(`${server.url}/ipfs/${cid}?format=raw`, { headers: { 'if-none-match': etag } })
    expect(again.status).toBe(304)
  })

  it('behavior: HEAD says the size without the bytes, and Accept works like ?format=raw', async () => {
    const cid = cidOf(hello)
    await put(cid, hello)
    const head = await fetch(`${server.url}/ipfs/${cid}?format=raw`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '5'])
    const accepted = await fetch(`${server.url}/ipfs/${cid}`, {
      headers: { accept: 'application/vnd.ipld.raw' },
    })
    expect(await accepted.text()).toBe('hello')
  })

  it('behavior: the media type of the request does not matter, the hash does', async () => {
    for (const type of ['application/json', 'text/plain', 'application/octet-stream']) {
      const body = Buffer.from(`{"type":"${type}"}`)
      expect((await put(cidOf(body), body, type)).status).toBe(201)
    }
  })

  it('error: bytes that are not the block are refused and not kept', async () => {
    const cid = cidOf(Buffer.from('something else'))
    const refused = await put(cid, hello)
    expect(refused.status).toBe(400)
    expect(refused.headers.get('content-type')).toBe(problemType)
    expect(await refused.json()).toMatchObject({ title: 'The bytes are not this block', moneyMoved: false })
    expect((await fetch(`${server.url}/ipfs/${cid}?format=raw`)).status).toBe(404)
  })

  it('error: more than 2 MiB is refused', async () => {
    const large = Buffer.alloc(MAX_BLOCK_BYTES + 1)
    expect((await put(cidOf(large), large)).status).toBe(413)
    const largest = Buffer.alloc(MAX_BLOCK_BYTES)
    expect((await put(cidOf(largest), largest)).status).toBe(201)
  })

  it('error: other CID versions, hashes and codecs are refused', async () => {
    const version0 = 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG'
    for (const cid of [version0, 'bafy', 'x', cidOf(hello, 0x71), `${cidOf(hello)}0`])
      expect([cid, (await put(cid, hello)).status]).toEqual([cid, 400])
  })

  it('error: paths outside the store reach nothing', async () => {
    const cid = cidOf(hello)
    for (const path of [
      '/store/blocks/..%2f..%2fescape',
      '/store/blocks/../../escape',
      `/store/blocks/${cid}%2f..%2fx`,
    ])
      expect([path, await rawStatus('PUT', path)]).toEqual([
        path,
        path.includes('/..') && !path.includes('%') ? 404 : 400,
      ])
    expect(await rawStatus('GET', '/ipfs/..%2f..%2f..%2fetc%2fpasswd?format=raw')).toBe(400)
    expect(await readdir(server.dataDir)).not.toContain('escape')
  })

  it('error: a file instead of a block is refused, since a reader could not check it', async () => {
    expect((await fetch(`${server.url}/ipfs/${cidOf(hello)}`)).status).toBe(406)
  })
})

describe('BlockStore', () => {
  it('error: the cap holds for blocks written at the same time, and counts each once', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'trainyard-store-'))
    try {
      const store = await BlockStore.open(dir, 10)
      const blocks = ['aaaa', 'bbbb', 'cccc', 'aaaa'].map((text) => Buffer.from(text))
      const results = await Promise.allSettled(
        blocks.map((bytes) => store.put(parseBlockCid(cidOf(bytes)), bytes)),
      )
      expect(results.map((result) => (result.status === 'fulfilled' ? result.value : 'refused'))).toEqual([
        true,
        true,
        'refused',
        false,
      ])
      expect(store.usedBytes).toBe(8)
    } finally {
      await rm(dir, { recursive: true })
    }
  })

  it('behavior: what an interrupted write left is removed at the next start', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'trainyard-store-'))
    try {
      await mkdir(join(dir, 'zz'))
      await writeFile(join(dir, 'zz', 'half.tmp'), 'half')
      const store = await BlockStore.open(dir, 10)
      expect([store.usedBytes, await readdir(join(dir, 'zz'))]).toEqual([0, []])
    } finally {
      await rm(dir, { recursive: true })
    }
  })
})
