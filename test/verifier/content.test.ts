import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { addBytes, type Block } from '@trainyard/verifier/content/addBytes.ts'
import {
  ContentMismatch,
  ContentTooLarge,
  ContentUnavailable,
  ContentUnsupported,
} from '@trainyard/verifier/content/errors.ts'
import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import { putBlocks } from '@trainyard/verifier/content/putBlocks.ts'
import { CID } from 'multiformats/cid'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

const CHUNK = 262_144
const blocks = new Map<string, Uint8Array>()
let server: Server
let gateway: string
let silent = false
let refusal: string | undefined

beforeAll(async () => {
  server = createServer((request, response) => {
    const cid = request.url?.match(/^\/(?:ipfs|store\/blocks)\/(\w+)/)?.[1] ?? ''
    if (silent) return
    if (request.method === 'PUT') {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        blocks.set(cid, Buffer.concat(parts))
        response.writeHead(refusal === undefined ? 201 : 400).end(refusal)
      })
      return
    }
    const bytes = blocks.get(cid)
    if (bytes) response.end(bytes)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  gateway = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  blocks.clear()
  silent = false
  refusal = undefined
})

function pattern(size: number): Uint8Array {
  return new Uint8Array(size).map((_, i) => (i * 31 + (i >> 8)) & 255)
}

async function serve(bytes: Uint8Array): Promise<{ cid: string; blocks: Block[] }> {
  const added = await addBytes(bytes)
  await putBlocks(gateway, added.blocks)
  return added
}

const fetchIt = (cid: string, maxBytes = 10_000_000, timeoutMs = 5_000) =>
  fetchContent({ cid, gateway, maxBytes, timeoutMs })

/** The dag-pb node of a UnixFS file over raw leaves, encoded by hand from the two specifications. */
function rootByHand(leaves: Uint8Array[]): string {
  const varint = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...varint(Math.floor(n / 128))])
  const field = (tag: number, bytes: number[]) => [tag, ...varint(bytes.length), ...bytes]
  const sha = (bytes: Uint8Array | number[]) => createHash('sha256').update(Uint8Array.from(bytes)).digest()
  const cidOf = (codec: number, bytes: Uint8Array | number[]) => [1, codec, 0x12, 32, ...sha(bytes)]
  const total = leaves.reduce((sum, leaf) => sum + leaf.length, 0)
  const links = leaves.flatMap((leaf) =>
    field(0x12, [...field(0x0a, cidOf(0x55, leaf)), ...field(0x12, []), 0x18, ...varint(leaf.length)]),
  )
  const unixfs = [
    0x08,
    2,
    0x18,
    ...varint(total),
    ...leaves.flatMap((leaf) => [0x20, ...varint(leaf.length)]),
  ]
  return CID.decode(Uint8Array.from(cidOf(0x70, [...links, ...field(0x0a, unixfs)]))).toString()
}

test('default: bytes of any size come back from their CID', async () => {
  for (const size of [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK + 5, 180 * CHUNK]) {
    const bytes = pattern(size)
    const { cid } = await serve(bytes)
    expect(Buffer.compare(await fetchIt(cid, size + 1, 20_000), bytes), `size ${size}`).toBe(0)
  }
})

test('behavior: CIDs are the ones that every IPFS tool gives', async () => {
  const cidOf = async (bytes: Uint8Array) => (await addBytes(bytes)).cid
  expect(await cidOf(new Uint8Array())).toBe('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku')
  expect(await cidOf(new TextEncoder().encode('hello world'))).toBe(
    'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e',
  )
  const bytes = pattern(2 * CHUNK + 100)
  const leaves = [bytes.subarray(0, CHUNK), bytes.subarray(CHUNK, 2 * CHUNK), bytes.subarray(2 * CHUNK)]
  expect(await cidOf(bytes)).toBe(rootByHand(leaves))
})

test('error: a block with one changed byte is refused, leaf or node', async () => {
  const { cid, blocks: made } = await serve(pattern(2 * CHUNK))
  for (const block of made) {
    const changed = block.bytes.slice()
    changed[changed.length >> 1]! ^= 1
    blocks.set(block.cid, changed)
    await expect(fetchIt(cid)).rejects.toThrow(ContentMismatch)
    blocks.set(block.cid, block.bytes)
  }
  await expect(fetchIt(cid)).resolves.toHaveLength(2 * CHUNK)
})

test('error: more than the limit is refused before it is fetched', async () => {
  const { cid } = await serve(pattern(3 * CHUNK))
  await expect(fetchIt(cid, 3 * CHUNK - 1)).rejects.toThrow(ContentTooLarge)
  const small = await serve(pattern(1000))
  await expect(fetchIt(small.cid, 999)).rejects.toThrow(ContentTooLarge)
  blocks.set(small.cid, new Uint8Array(3_000_000))
  await expect(fetchIt(small.cid)).rejects.toThrow(ContentTooLarge)
})

test('error: missing blocks, silence and no gateway at all are unavailable', async () => {
  const { cid, blocks: made } = await serve(pattern(2 * CHUNK))
  blocks.delete(made[0]!.cid)
  await expect(fetchIt(cid)).rejects.toMatchObject({ name: 'ContentUnavailable', status: 404 })
  silent = true
  await expect(fetchIt(cid, 1e6, 100)).rejects.toThrow(ContentUnavailable)
  const nowhere = fetchContent({ cid, gateway: 'http://127.0.0.1:1', maxBytes: 1e6, timeoutMs: 1_000 })
  await expect(nowhere).rejects.toMatchObject({ name: 'ContentUnavailable', status: undefined })
})

test('error: CIDs of other kinds are not asked for', async () => {
  const others = [
    '',
    'not-a-cid',
    'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG',
    `b${'a'.repeat(200)}`,
    'bafyaa',
    '../etc/passwd',
  ]
  for (const cid of others) await expect(fetchIt(cid), cid).rejects.toThrow(ContentUnsupported)
})

const anyBlock = [{ cid: 'bafkqaaa', bytes: new Uint8Array() }]

test('error: a store that refuses a block is quoted, without what could disturb a terminal', async () => {
  refusal = JSON.stringify({ title: 'Nothing\u001b[2J for me', detail: 'Ask the operator.' })
  await expect(putBlocks(gateway, anyBlock)).rejects.toMatchObject({
    name: 'StoreUnavailable',
    message: `The store at ${gateway} took no block (HTTP 400). Nothing [2J for me. Ask the operator.`,
    status: 400,
  })
  for (const unreadable of ['', 'no JSON', JSON.stringify({ title: 'x'.repeat(10_000) })]) {
    refusal = unreadable
    await expect(putBlocks(gateway, anyBlock)).rejects.toThrow(/took no block \(HTTP 400\)\.$/)
  }
})

test('error: a store that does not answer', async () => {
  const nowhere = putBlocks('http://127.0.0.1:1/', anyBlock)
  await expect(nowhere).rejects.toThrow(ContentUnavailable)
  await expect(nowhere).rejects.toThrow('The store at http://127.0.0.1:1 does not answer (')
})
