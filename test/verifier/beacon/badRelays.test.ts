import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { EVMNET } from '@trainyard/contracts/drandNetwork.ts'
import { afterAll, expect, test } from 'vitest'
import { createDrandBeacon } from '../../../verifier/src/beacon/drand/createDrandBeacon.ts'
import { readRound } from '../../../verifier/src/beacon/drand/readRound.ts'
import { localNetwork, signedRound, startRelay } from '../../helpers/localDrand.ts'

const network = localNetwork()
const ROUND = 7
const TRICKLE_MS = 100
const servers: Server[] = []
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

/** A relay that answers everything in its own bad way. */
async function badRelay(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_, response) => {
    response.on('error', () => undefined)
    answer(response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Sends for ever, as fast as it is read; tells when the reader hung up. */
function endless() {
  const hungUp = Promise.withResolvers<void>()
  const url = badRelay((response) => {
    response.on('close', () => hungUp.resolve())
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, 0x20))) {}
      if (!response.destroyed) response.once('drain', more)
    }
    more()
  })
  return { url, hungUp: hungUp.promise }
}

test('error: relays that hang, trickle, flood, send elsewhere or break off cost seconds each, and the next one is asked', {
  timeout: 60_000,
}, async () => {
  const honest = await startRelay(network)
  servers.push({ closeAllConnections() {}, close: honest.stop } as unknown as Server)
  const flood = endless()
  const body = (text: string | Buffer, headers: Record<string, string> = {}) =>
    badRelay((response) => response.writeHead(200, headers).end(text))
  const bad = {
    silent: await badRelay(() => undefined),
    trickling: await badRelay((response) => {
      const timer = setInterval(() => response.write(' '), TRICKLE_MS)
      response.on('close', () => clearInterval(timer))
    }),
    flooding: await flood.url,
    'announcing too much': await badRelay((response) =>
      response.writeHead(200, { 'content-length': '1000000000' }).write('{'),
    ),
    'packed to burst': await body(gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' }),
    'badly packed': await body('no gzip', { 'content-encoding': 'gzip' }),
    missing: await badRelay((response) => response.writeHead(404).end('no such chain')),
    broken: await badRelay((response) => response.writeHead(500).end()),
    'sending elsewhere': await badRelay((response) =>
      response.writeHead(302, { location: `${honest.url}/` }).end(),
    ),
    'breaking off': await badRelay((response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"round":')
      setImmediate(() => response.destroy())
    }),
    empty: await body(''),
    'no text': await body(Buffer.from([0xff, 0xfe, 0x00])),
    'a page': await body('<!doctype html><title>Welcome</title>'),
    deep: await body('['.repeat(4_000)),
    'of another chain': await body(
      JSON.stringify({ ...JSON.parse(signedRound(ROUND + 1).body), round: ROUND }),
    ),
  }
  const relays = Object.values(bad)
  const beacon = createDrandBeacon(network, [...relays, honest.url])
  const truth = readRound(network, ROUND, new TextEncoder().encode(signedRound(ROUND).body))
  expect(await beacon.roundOf(ROUND)).toEqual(truth)
  await flood.hungUp
  expect(honest.asked).toEqual([ROUND])

  // Where there is no other, each is told with its reason, and within bounds.
  const failed = await createDrandBeacon(network, relays.slice(2)).roundOf(ROUND).catch(String)
  expect(failed).toMatch(/^BeaconUnavailable: local drand 7 cannot be had: /)
  for (const reason of ['larger than 4096 bytes', 'HTTP status 404', 'HTTP status 500', "not the network's"])
    expect(failed).toContain(reason)
  expect(String(failed).length).toBeLessThan(250 * relays.length)
})

test('behavior: whoever asked hangs up, also on a relay that says nothing', async () => {
  const asked = Promise.withResolvers<ServerResponse>()
  const url = await badRelay(asked.resolve)
  const stop = new AbortController()
  const asking = createDrandBeacon(EVMNET, [url, url]).roundOf(1, stop.signal)
  const closed = once(await asked.promise, 'close')
  stop.abort(new Error('enough'))
  await expect(asking).rejects.toThrow('enough')
  await closed
})
