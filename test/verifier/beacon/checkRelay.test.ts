import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { checkRelay } from '../../../verifier/src/beacon/drand/checkRelay.ts'
import { roundAt } from '../../../verifier/src/beacon/drand/network.ts'
import { infoOf, localNetwork, signedRound, startRelay } from '../../helpers/localDrand.ts'

const network = localNetwork()
const now = Date.now()
const newest = roundAt(network, now)

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

async function relay(answer: Parameters<typeof startRelay>[1]) {
  const started = await startRelay(network, answer)
  stops.push(started.stop)
  return started.url
}

/** Says one thing of the network, whatever is asked. */
async function saying(info: object) {
  const server = createServer((_, response) => void response.end(JSON.stringify(info)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stops.push(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const found = (url: string, nowMs = now) => checkRelay(network, url, () => nowMs)

test('default: a relay that keeps up is well, its newest round verified', async () => {
  const url = await relay(() => signedRound(newest))
  expect(await found(`${url}/`)).toEqual({ relay: `${url}/`, isWell: true, actual: 0, remediation: null })
  expect(await found(url, now + 2_000 * network.periodSeconds)).toMatchObject({ isWell: true, actual: 2 })
})

test('error: one that fell behind, and one that is ahead of this clock', async () => {
  const url = await relay(() => signedRound(newest))
  expect(await found(url, now + 3_000 * network.periodSeconds)).toMatchObject({
    ...{ isWell: false, actual: 3 },
    remediation: expect.stringMatching(/keeps up/),
  })
  expect(await found(url, now - 3_000 * network.periodSeconds)).toMatchObject({
    ...{ isWell: false, actual: expect.stringMatching(/still to come/) },
    remediation: expect.stringMatching(/Set the clock/),
  })
})

test.each([
  ['another chain', { hash: 'cd'.repeat(32) }, /its chain hash is cdcd/],
  ['another key', { public_key: '11'.repeat(128) }, /its public key is another/],
  ['another start', { genesis_time: 1 }, /its genesis is 1$/],
  ['another period', { period: 30 }, /its period is 30 s/],
])('error: a relay of %s', async (_, change, reason) => {
  const { isWell, actual, remediation } = await found(await saying({ ...infoOf(network), ...change }))
  expect(isWell).toBe(false)
  expect(actual).toMatch(reason)
  expect(remediation).toMatch(/Name a relay of local drand \(abab/)
})

test('error: a wrong signature, no such chain, nobody there', async () => {
  const lies = await relay(() => ({
    body: JSON.stringify({ ...JSON.parse(signedRound(newest - 1).body), round: newest }),
  }))
  expect(await found(lies)).toMatchObject({
    isWell: false,
    actual: expect.stringMatching(/not the network's/),
  })
  expect(await found(await saying({}))).toMatchObject({
    isWell: false,
    actual: expect.stringMatching(/hash:/),
  })
  const other = await startRelay(localNetwork({ chainHash: 'ef'.repeat(32) }))
  stops.push(other.stop)
  expect(await found(other.url)).toMatchObject({ isWell: false, actual: expect.stringMatching(/404/) })
  expect(await found('http://127.0.0.1:1')).toMatchObject({
    ...{ isWell: false, actual: expect.stringMatching(/not available/) },
    remediation: expect.stringMatching(/Name another relay/),
  })
})
