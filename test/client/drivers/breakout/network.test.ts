import { execFile } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { RunSpec } from '../../../../client/src/drivers/driver.ts'
import type { Plan } from '../../../fixtures/network/driveInside.ts'
import { dockerMissing, testUnless } from '../../../helpers/docker.ts'
import { nodePath, openFolder } from '../../../helpers/driverRun.ts'
import {
  FORBIDDEN,
  IsolatedNet,
  isolatedNetMissing,
  LAN_ADDRESSES,
  PUBLIC,
} from '../../../helpers/isolatedNet.ts'
import { PrivateEngine, privateEngineMissing } from '../../../helpers/privateEngine.ts'
import { attackRun, type Report, reportOf, runUnprotected } from './attackRun.ts'
import { makeHostileImage } from './hostileImage.ts'

const missing = dockerMissing ?? privateEngineMissing() ?? isolatedNetMissing()
const netTest = (what: string, body: () => Promise<void>) => testUnless(missing, what, body)
const folder = openFolder('network')

/** The first containers of a bridge, and the bridge itself, which is the host. */
const BRIDGE = { bridge: '172.17.0.1', neighbour: '172.17.0.2', bridge6: 'fd99::1' }
const TARGETS: Record<string, string> = {
  ...FORBIDDEN,
  ...BRIDGE,
  service: PUBLIC.service,
  service6: PUBLIC.service6,
}
const DIRECT = [
  ...Object.entries(TARGETS).map(([what, host]) => ({ name: `reach ${what}`, host, port: 80 })),
  { name: 'datagram names', host: LAN_ADDRESSES.router, port: 53 },
  { name: 'resolve names', server: LAN_ADDRESSES.router, host: 'good.example' },
]
const NO_WAY_OUT =
  /: (ENETUNREACH|EHOSTUNREACH|ENETDOWN|EADDRNOTAVAIL|ECONNREFUSED|ETIMEOUT|ENOTFOUND|timeout)$/
const LOOSE_TRIES = 3
/** Names in the order's list that lead where no job may go, in every disguise. */
const TRAPS = [
  ...['metadata', 'metadata6', 'mapped', 'nat64', 'carrier', 'private', 'lan', 'lan6', 'host', 'host6'],
  ...['loopback', 'loopback6', 'unspecified', 'container', 'mixed'],
].map((name) => `${name}.example:80`)
const UNLISTED = [
  'other.example:80',
  'good.example:81',
  '169.254.169.254:80',
  '[fd77::1]:80',
  '8.1.2.3:80',
  'localhost:80',
]
const ALLOWED = ['good.example:80', 'good6.example:80', 'rebind.example:80', ...TRAPS]

type Outcome = { state: unknown; neighbour: unknown; left: unknown[] }
const outcomes: Record<string, Outcome> = {}
const reports: Record<string, Report> = {}
const hits: Record<string, string[]> = {}

beforeAll(async () => {
  if (missing) return
  using net = new IsolatedNet()
  await net.start()
  await using engine = new PrivateEngine({ bridge: true, enter: (command, args) => net.enter(command, args) })
  await engine.start()
  const { imageId } = await makeHostileImage(engine.docker, 'network')

  const drive = async (run: RunSpec) => {
    const neighbour = attackRun(folder, `${run.runId}-neighbour`, [{ name: 'listen' }], { orderId: '8' })
    const at = { socketPath: engine.socketPath, stateDir: join(folder, 'state'), names: LAN_ADDRESSES.router }
    const plan: Plan = { ...at, imageId, run, neighbour, scope: 'inside' }
    const script = resolve('test/fixtures/network/driveInside.ts')
    const args = [script, JSON.stringify(plan)]
    net.hits.length = 0
    const { stdout } = await promisify(execFile)(...net.enter(nodePath, args), { timeout: 90_000 })
    outcomes[run.runId] = JSON.parse(stdout)
    reports[run.runId] = reportOf(run)
    hits[run.runId] = [...net.hits]
  }
  await drive(attackRun(folder, 'closed', DIRECT))
  const tunnels = ['good', 'good6', 'rebind', 'rebind'].map((name, i) => ({
    name: `tunnel ${name} ${i}`,
    target: `${name}.example:80`,
  }))
  const traps = [...TRAPS, ...UNLISTED].map((target) => ({ name: `tunnel ${target}`, target }))
  await drive(attackRun(folder, 'open', [...tunnels, ...traps, ...DIRECT], { egress: ALLOWED }))

  const neighbour = await engine.docker.createContainer({
    Image: imageId,
    HostConfig: { Binds: [`${specOf('listen')}:/job/spec.json`] },
  })
  await neighbour.start()
  // A container's IPv6 address may not be ready when its program begins: what is asked for is that it can, not when.
  for (let attempt = 1; attempt <= LOOSE_TRIES; attempt++) {
    net.hits.length = 0
    const loose = attackRun(folder, `loose-${attempt}`, DIRECT)
    chmodSync(join(loose.jobDir, 'out'), 0o777)
    const report = await runUnprotected(engine.docker, imageId, loose, { NetworkMode: 'bridge' })
    reports.loose = report
    hits.loose = [...net.hits]
    if (DIRECT.every(({ name }) => report[name] === 'done')) break
  }
}, 120_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function specOf(attack: string): string {
  return join(attackRun(folder, `spec-${attack}`, [{ name: attack }]).jobDir, 'spec.json')
}

const ended = { kind: 'exited', exitCode: 0, oomKilled: false }

describe('a job without egress', () => {
  netTest('behavior: its run ends well, its neighbour goes on, and nothing is left', async () => {
    expect(outcomes.closed).toEqual({ state: ended, neighbour: { kind: 'running' }, left: [] })
  })

  for (const { name } of DIRECT) {
    netTest(`error: it cannot ${name}, which a container on a bridge can`, async () => {
      expect(`${name}: ${reports.closed?.[name]}`).toMatch(NO_WAY_OUT)
      expect(`${name}: ${reports.loose?.[name]}`).toBe(`${name}: done`)
    })
  }

  netTest('error: nothing at all arrives anywhere', async () => {
    expect(hits.closed).toEqual([])
    expect(hits.loose?.length).toBeGreaterThan(10)
  })
})

describe('a job with egress', () => {
  netTest('default: it reaches the names in its list, over IPv4 and IPv6', async () => {
    expect(outcomes.open).toEqual({ state: ended, neighbour: { kind: 'running' }, left: [] })
    expect(reports.open?.['tunnel good 0']).toContain(`hello from ${PUBLIC.service}`)
    expect(reports.open?.['tunnel good6 1']).toContain(`hello from ${PUBLIC.service6}`)
  })

  for (const target of TRAPS) {
    netTest(`error: ${target} is refused for where it leads`, async () => {
      expect(reports.open?.[`tunnel ${target}`]).toMatch(/^HTTP\/1.1 403 .*leads to/s)
    })
  }

  netTest('error: a name that changes its address is checked each time that it is used', async () => {
    expect(reports.open?.['tunnel rebind 2']).toContain(`hello from ${PUBLIC.service}`)
    expect(reports.open?.['tunnel rebind 3']).toMatch(/^HTTP\/1.1 403 .*169\.254\.169\.254/s)
  })

  for (const target of UNLISTED) {
    netTest(`error: ${target} is refused, as it is not in the list`, async () => {
      expect(reports.open?.[`tunnel ${target}`]).toMatch(/^HTTP\/1.1 (403|400) /)
    })
  }

  netTest('error: past the proxy it reaches nothing', async () => {
    for (const { name } of DIRECT) expect(`${name}: ${reports.open?.[name]}`).toMatch(NO_WAY_OUT)
  })

  netTest(
    'error: nothing arrives but what was allowed, and no name is asked for that is not in the list',
    async () => {
      const reached = [...new Set(hits.open)]
      const names = ALLOWED.map((target) => `world name ${target.split('.', 1)[0]}`)
      const http = [PUBLIC.service, PUBLIC.service6].map((address) => `world http ${address}`)
      expect(reached.sort()).toEqual([...http, ...names].sort())
    },
  )
})
