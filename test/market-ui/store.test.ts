import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlockStore, MAX_BLOCK_BYTES } from '@trainyard/market-ui/store/BlockStore.ts'
import { parseBlockCid } from '@trainyard/market-ui/store/parseBlockCid.ts'
import { senderOf } from '@trainyard/market-ui/store/senderOf.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cidOf } from './blockOf.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'
import { waitFor } from './waitFor.ts'

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
      .end(method === 'PUT' ? 'x' : undefined)
  })

describe('store', () => {
  it('default: a block that was put is served as raw bytes, which readers may keep for ever', async () => {
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
    // Where a block of such a name would lie, there is a file to be had.
    await writeFile(join(server.dataDir, 'secret'), 'not for strangers')
    for (const name of [
      '..%2f..%2fsecret',
      '..%2f..%2f..%2f..%2f..%2fetc%2fpasswd',
      `${cid}%2f..%2f..%2f..%2fsecret`,
    ])
      expect([name, await rawStatus('GET', `/ipfs/${name}?format=raw`)]).toEqual([name, 400])
    expect(await readdir(server.dataDir)).not.toContain('escape')
  })

  it('error: a file instead of a block is refused, since a reader could not check it', async () => {
    expect((await fetch(`${server.url}/ipfs/${cidOf(hello)}`)).status).toBe(406)
  })
})

describe('store limits', () => {
  it('error: bodies on their way are bounded per sender; what is sent and done gives its room back', async () => {
    const { port } = new URL(server.url)
    const block = Buffer.alloc(MAX_BLOCK_BYTES, 7)
    const open = (): Promise<{ socket: Socket; answer: Promise<string> }> =>
      new Promise((resolve) => {
        const socket = connect(Number(port), '127.0.0.1', () => {
          socket.write(
            `PUT /store/blocks/${cidOf(block)} HTTP/1.1\r\nhost: x\r\ncontent-type: application/octet-stream\r\ncontent-length: ${block.length}\r\n\r\n`,
          )
          resolve({ socket, answer })
        })
        const answer = once(socket, 'data').then(([data]) => String(data))
        answer.catch(() => undefined)
      })
    const slow = []
    for (let i = 0; i < 8; i += 1) slow.push(await open())
    const ninth = await open()
    expect(await ninth.answer).toContain('503')
    ninth.socket.destroy()
    for (const { socket } of slow) socket.destroy()
    await waitFor(
      async () => (await put(cidOf(block), block)).status,
      (status) => status === 201,
    )
  })
})

describe('senderOf', () => {
  it('default: one address, or in version 6 one network', () => {
    expect(
      ['10.0.0.1', '::ffff:10.0.0.1', '2001:db8:1:2:3::4', '2001:db8::9', '::1', 'fe80::1%eth0'].map(
        senderOf,
      ),
    ).toEqual([
      '10.0.0.1',
      '10.0.0.1',
      '2001:db8:1:2::/64',
      '2001:db8:0:0::/64',
      '0:0:0:0::/64',
      'fe80:0:0:0::/64',
    ])
  })
})

describe('BlockStore', () => {
  it('error: the cap holds for blocks written at the same time, and counts each once', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'trainyard-store-'))
    try {
      const store = await BlockStore.open(dir, { maxBytes: 10, maxBytesPerSender: 10 })
      const blocks = ['aaaa', 'bbbb', 'cccc', 'aaaa'].map((text) => Buffer.from(text))
      const results = await Promise.allSettled(
        blocks.map((bytes) => store.put(parseBlockCid(cidOf(bytes)), bytes, 'a')),
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

  it("behavior: a full store drops the oldest blocks that no order needs, a sender's own for its share", async () => {
    const dir = await mkdtemp(join(tmpdir(), 'trainyard-store-'))
    const store = await BlockStore.open(dir, { maxBytes: 12, maxBytesPerSender: 8, graceMs: -1 })
    try {
      const [kept, old, young, other, pinned] = ['aaaa', 'bbbb', 'cccc', 'dddd', 'ee'].map((text) =>
        Buffer.from(text),
      ) as [Buffer, Buffer, Buffer, Buffer, Buffer]
      const put = (bytes: Buffer, sender: string) => store.put(parseBlockCid(cidOf(bytes)), bytes, sender)
      const has = async (...all: Buffer[]) =>
        Promise.all(all.map(async (bytes) => (await store.size(parseBlockCid(cidOf(bytes)))) !== undefined))
      store.keepWhat(async () => new Set([cidOf(kept)]))
      await put(kept, 'a')
      await put(old, 'a')
      await put(young, 'a') // over a's share: the older of what nobody needs goes
      expect(await has(kept, old, young)).toEqual([true, false, true])
      await put(other, 'b')
      await store.pin(parseBlockCid(cidOf(pinned)), pinned) // over the whole: anybody's oldest goes
      expect(await has(kept, young, other, pinned)).toEqual([true, false, true, true])
      store.keepWhat(async () => new Set([cidOf(kept), cidOf(other)]))
      await expect(put(Buffer.from('ffffffff'), 'c')).rejects.toMatchObject({ status: 507 })
      expect(await has(kept, other, pinned)).toEqual([true, true, true])
    } finally {
      store.close()
      await rm(dir, { recursive: true })
    }
  })

  it('behavior: after a start the same blocks count for the same senders', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'trainyard-store-'))
    const limits = { maxBytes: 20, maxBytesPerSender: 8 }
    try {
      const first = await BlockStore.open(dir, limits)
      await first.put(parseBlockCid(cidOf(hello)), hello, 'a')
      first.close()
      const second = await BlockStore.open(dir, limits)
      const more = Buffer.from('more')
      expect(second.usedBytes).toBe(5)
      await expect(second.put(parseBlockCid(cidOf(more)), more, 'a')).rejects.toMatchObject({
        status: 507,
        title: 'Your share of the store is full',
      })
      await expect(second.put(parseBlockCid(cidOf(more)), more, 'b')).resolves.toBe(true)
      second.close()
    } finally {
      await rm(dir, { recursive: true })
    }
  })

  it('behavior: what an interrupted write left is removed at the next start', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'trainyard-store-'))
    try {
      await mkdir(join(dir, 'zz'))
      await writeFile(join(dir, 'zz', 'half.tmp'), 'half')
      const store = await BlockStore.open(dir, { maxBytes: 10, maxBytesPerSender: 10 })
      expect([store.usedBytes, await readdir(join(dir, 'zz'))]).toEqual([0, []])
    } finally {
      await rm(dir, { recursive: true })
    }
  })
})
