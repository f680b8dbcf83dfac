import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { promisify } from 'node:util'
import { encode } from '@ipld/dag-pb'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { ContentTooLarge, ContentUnsupported } from '@trainyard/verifier/content/errors.ts'
import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

const CHUNK = 262_144
const blocks = new Map<string, Uint8Array>()
let server: Server
let gateway: string
let requests = 0

beforeAll(async () => {
  server = createServer((request, response) => {
    requests++
    const bytes = blocks.get(request.url?.match(/^\/ipfs\/(\w+)/)?.[1] ?? '')
    response.writeHead(bytes ? 200 : 404).end(bytes)
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
  requests = 0
})

type Part = { cid: CID; size: number }

function keep(codec: number, bytes: Uint8Array, size: number): Part {
  const cid = CID.createV1(codec, create(0x12, createHash('sha256').update(bytes).digest()))
  blocks.set(cid.toString(), bytes)
  return { cid, size }
}

const leaf = (bytes: Uint8Array) => keep(0x55, bytes, bytes.length)

/** A node that says of its parts what they say, unless `sizes` says otherwise. */
function node(
  parts: Part[],
  sizes = parts.map(({ size }) => size),
  type: 'file' | 'directory' = 'file',
): Part {
  const data = new UnixFS({ type, blockSizes: sizes.map(BigInt) }).marshal()
  const Links = parts.map(({ cid, size }) => ({ Hash: cid, Name: '', Tsize: size }))
  return keep(
    0x70,
    encode({ Data: data, Links }),
    sizes.reduce((a, b) => a + b, 0),
  )
}

const nodeWithoutData = (size: number) => ({ ...keep(0x70, encode({ Links: [] }), 0), size })
const text = (words: string) => new TextEncoder().encode(words)
const fetchIt = ({ cid }: { cid: CID | string }, maxBytes = 10_000_000) =>
  fetchContent({ cid: cid.toString(), gateway, maxBytes, timeoutMs: 5_000 })

/** Fetches in a process of its own, which any rejection that nobody handles would end. */
async function fetchInChild({ cid }: Part): Promise<string> {
  const code = `
    import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
    const args = { cid: '${cid}', gateway: '${gateway}', maxBytes: 1e7, timeoutMs: 5000 }
    await fetchContent(args).catch((error) => console.log(error.name))
    process.on('exit', () => console.log('survived'))`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--unhandled-rejections=throw', '--input-type=module', '-e', code],
    { timeout: 20_000 },
  )
  return stdout.trim()
}

function missingMiddle(): Part {
  const middle = node([leaf(text('a')), leaf(text('b'))])
  const root = node([node([middle, leaf(text('c'))]), node([leaf(text('d'))])])
  blocks.delete(middle.cid.toString())
  return root
}

test('error: a missing block deep in a file is unavailable, and the process lives on', async () => {
  const root = missingMiddle()
  await expect(fetchIt(root)).rejects.toMatchObject({ name: 'ContentUnavailable', status: 404 })
  expect(await fetchInChild(root)).toBe('ContentUnavailable\nsurvived')
})

test('error: several missing leaves at once leave no rejection behind', async () => {
  const leaves = ['a', 'b', 'c', 'd', 'e', 'f'].map((word) => leaf(text(word)))
  const root = node([node(leaves)])
  for (const { cid } of leaves) blocks.delete(cid.toString())
  expect(await fetchInChild(root)).toBe('ContentUnavailable\nsurvived')
})

test('error: a node without data deep in a file is unsupported, and the process lives on', async () => {
  const root = node([node([leaf(text('a')), nodeWithoutData(5)]), leaf(text('b'))])
  await expect(fetchIt(root)).rejects.toThrow('without UnixFS data')
  expect(await fetchInChild(root)).toBe('ContentUnsupported\nsurvived')
  await expect(fetchIt(nodeWithoutData(0))).rejects.toThrow(ContentUnsupported)
})

test('error: bytes that are no dag-pb, no UnixFS or no file', async () => {
  await expect(fetchIt(keep(0x70, text('no protobuf'), 0))).rejects.toThrow(ContentUnsupported)
  const garbage = keep(0x70, encode({ Data: text('no protobuf'), Links: [] }), 0)
  await expect(fetchIt(garbage)).rejects.toThrow(ContentUnsupported)
  await expect(fetchIt(node([], [], 'directory'))).rejects.toThrow('it is no file but directory')
})

test('error: a flood of tiny blocks ends soon', async () => {
  const one = leaf(text('x'))
  const flood = node(Array.from({ length: 10_000 }, () => one))
  await expect(fetchIt(flood)).rejects.toThrow('more blocks than 10000000 bytes need')
  expect(requests).toBeLessThan(60)
  requests = 0
  const empty = leaf(new Uint8Array())
  await expect(fetchIt(node(Array.from({ length: 10_000 }, () => empty)))).rejects.toThrow(ContentUnsupported)
  expect(requests).toBeLessThan(60)
})

test('error: a chain of nodes ends soon', async () => {
  let root = leaf(text('x'))
  for (let depth = 0; depth < 20; depth++) root = node([root])
  await expect(fetchIt(root)).rejects.toThrow('levels deep')
  expect(requests).toBeLessThan(6)
})

test('error: a block that holds more or less than its parent says', async () => {
  const inner = node([leaf(text('abc'))])
  for (const size of [0, 2, 4]) {
    await expect(fetchIt(node([leaf(text('abc'))], [size]))).rejects.toThrow('declared')
    await expect(fetchIt(node([inner], [size]))).rejects.toThrow('declared')
  }
  const three = [leaf(text('a')), leaf(text('b')), leaf(text('c'))]
  await expect(fetchIt(node(three, [1, 1]))).rejects.toThrow('3 links and 2 sizes')
  await expect(fetchIt(node(three, [1, 1, 2 ** 60]))).rejects.toThrow(ContentTooLarge)
})

test('error: equal bytes in another layout are refused, and say which CID they have', async () => {
  const bytes = new Uint8Array(CHUNK + 10).map((_, i) => i & 255)
  const { cid } = await addBytes(bytes)
  const usual = node([leaf(bytes.subarray(0, CHUNK)), leaf(bytes.subarray(CHUNK))])
  expect(usual.cid.toString()).toBe(cid)
  const others = [node([leaf(bytes.subarray(0, 100)), leaf(bytes.subarray(100))]), node([usual]), leaf(bytes)]
  for (const other of others) {
    const refused = fetchIt(other)
    await expect(refused).rejects.toThrow(ContentUnsupported)
    await expect(refused).rejects.toThrow(cid)
  }
})

test('error: what is not the file’s doing is not called unsupported', async () => {
  const size = 2 ** 52 // no machine has an array of that size
  const root = node([leaf(text('a'))], [size])
  await expect(fetchIt(root, size)).rejects.toThrow(RangeError)
})
