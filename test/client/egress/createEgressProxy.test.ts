import { createSocket, type Socket as Datagrams } from 'node:dgram'
import { getServers, setServers } from 'node:dns'
import { once } from 'node:events'
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEgressProxy, type EgressProxy } from '../../../client/src/egress/createEgressProxy.ts'
import { openFolder } from '../../helpers/driverRun.ts'

// Deep, so that the socket's whole path is longer than a socket's path may be.
const folder = join(openFolder('egress'), 'x'.repeat(120))
const socketPath = join(folder, 'proxy.sock')
const allowed = ['slow.example.com:443', 'gone.example.com:443']
const limits = { connections: 2, totalBytes: 1e6, connectTimeoutMs: 3000, idleTimeoutMs: 5000 }
const user = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
const usual = getServers()
const home = process.cwd()
let names: Datagrams
let proxy: EgressProxy

beforeAll(async () => {
  mkdirSync(folder)
  writeFileSync(socketPath, 'left behind by a daemon that was killed')
  // A name server that never answers about "slow" and knows no other name.
  names = createSocket('udp4', (question, from) => {
    if (question.includes('slow')) return
    question.writeUInt16BE(0x8183, 2)
    names.send(question, from.port, from.address)
  })
  names.bind(0, '127.0.0.1')
  await once(names, 'listening')
  setServers([`127.0.0.1:${names.address().port}`])
  proxy = await createEgressProxy({ folder, user, allowed, limits })
})

afterAll(async () => {
  await proxy.close()
  setServers(usual)
  process.chdir(home)
  names.close()
  rmSync(join(folder, '..'), { recursive: true })
})

/** Sends text as a job would, and resolves with all that comes back. */
function say(text: string): Promise<string> {
  // The same way around the length limit that the proxy takes.
  process.chdir(folder)
  const socket = connect('./proxy.sock')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += String(chunk)
  })
  socket.write(text)
  return new Promise((resolve) => {
    socket.once('close', () => resolve(answer))
    socket.once('error', (error) => resolve(`${answer}${error.message}`))
  })
}

const ask = (target: string) => say(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n\r\n`)

describe('createEgressProxy', () => {
  test('behavior: only the job can open its socket, wherever it lies', () => {
    const info = statSync(socketPath)
    expect(info.isSocket()).toBe(true)
    expect(info.mode & 0o777).toBe(0o600)
  })

  test('error: a target that is not in the list, or is none', async () => {
    expect(await ask('other.example.com:443')).toMatch(/^HTTP\/1.1 403 [\s\S]*not in the order's egress list/)
    expect(await ask('nonsense')).toMatch(/^HTTP\/1.1 400 /)
  })

  test('error: a name that does not resolve', async () => {
    expect(await ask('gone.example.com:443')).toMatch(/^HTTP\/1.1 502 [\s\S]*did not resolve/)
  })

  test('error: plain requests are not passed on', async () => {
    const answer = await say('GET http://slow.example.com/ HTTP/1.1\r\nhost: slow.example.com\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1.1 405 /)
  })

  test('error: what is not HTTP, or has headers without end, ends the connection', async () => {
    expect(await say('\x16\x03\x01\x02\x00\x01\x00\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /)
    expect(await say(`CONNECT a.example:1 HTTP/1.1\r\nx: ${'y'.repeat(8000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 /,
    )
  })

  test('error: more connections than allowed at a time are told so, and those under way end in time', async () => {
    const waiting = [ask('slow.example.com:443'), ask('slow.example.com:443')]
    expect(await ask('slow.example.com:443')).toMatch(/^HTTP\/1.1 429 [\s\S]*2 connections/)
    for (const answer of await Promise.all(waiting)) expect(answer).toMatch(/^HTTP\/1.1 502 /)
    expect(await ask('gone.example.com:443')).toMatch(/^HTTP\/1.1 502 /)
  })
})
