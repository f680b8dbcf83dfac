import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { YardResult } from '../../yard/src/report/yardResult.ts'
import { isAlive, runNode, runYard, untilSaid, watched, yardHome, yardProcesses } from './runYard.ts'

const E2E_TIMEOUT_MS = 200_000
const TRAINING = /step [1-9]\d{2,} of 5120/

test(
  'behavior: a daemon killed while it trains is started again and the order settles, each window committed once',
  async () => {
    using yard = yardHome()
    const run = watched(yard.home, ['--once', '--json', '--driver', 'process'])
    await untilSaid(run.said, TRAINING)
    process.kill(yardProcesses(yard.home).seller!, 'SIGKILL')
    const { code, stdout, stderr } = await run.done
    expect(code, stderr).toBe(0)
    const result = JSON.parse(stdout) as YardResult
    // the contract refuses a second window of the same index, so 4 windows of 40 segments are 4 commits that counted
    expect(result.order).toMatchObject({ status: 'Completed', windows: 4, segments: 40 })
    expect(stderr).toMatch(/seller ended .* started again/)
  },
  E2E_TIMEOUT_MS,
)

async function untilDead(pids: number[], timeoutMs = 20_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (pids.some(isAlive)) {
    if (performance.now() > deadline) throw new Error(`still running: ${pids.filter(isAlive)}`)
    await sleep(50)
  }
}

test(
  'behavior: Ctrl-C ends everything it started, and the next start finishes the order on the kept chain first',
  async () => {
    using yard = yardHome()
    const first = watched(yard.home, ['--driver', 'process'])
    await untilSaid(first.said, TRAINING)
    const pids = Object.values(yardProcesses(yard.home))
    expect(pids.length).toBeGreaterThanOrEqual(4)
    expect(pids.every(isAlive)).toBe(true)
    first.ctrlC()
    await first.done // npm itself dies of the signal, so its exit code says nothing
    await untilDead(pids)

    const second = await runYard(yard.home, ['--once', '--json', '--driver', 'process'])
    expect(second.code, second.stderr).toBe(0)
    expect(second.stderr).toMatch(/order 1: Completed/)
    expect((JSON.parse(second.stdout) as YardResult).order.id).toBe('2')
  },
  E2E_TIMEOUT_MS,
)

test(
  'behavior: nothing outlives a yard that is killed',
  async () => {
    using yard = yardHome()
    const run = watched(yard.home, ['--driver', 'process'])
    await untilSaid(run.said, TRAINING)
    const pids = Object.values(yardProcesses(yard.home))
    process.kill(-run.child.pid!, 'SIGKILL')
    await untilDead(pids)
  },
  E2E_TIMEOUT_MS,
)

test('error: a port that is taken', async () => {
  using yard = yardHome()
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const run = await runNode(['yard/src/cli.ts', '--home', yard.home, '--once', '--port', String(port)])
  server.close()
  expect(run.code).toBe(1)
  expect(run.stderr).toMatch(new RegExp(`Port ${port} .*cannot be used`))
  expect(run.stdout).toBe('')
})

test('error: docker asked for where no engine answers', async () => {
  using yard = yardHome()
  const env = { DOCKER_HOST: `unix://${join(yard.home, 'nobody.sock')}` }
  const run = await runYard(yard.home, ['--once', '--driver', 'docker'], env)
  expect(run.code).toBe(1)
  expect(run.stderr).toMatch(/Docker/)
  expect(run.stderr).toMatch(/--driver process/)
})

test('error: an unknown cheat or driver is named', async () => {
  using yard = yardHome()
  const run = await runNode(['yard/src/cli.ts', '--home', yard.home, '--once', '--cheat', 'magic'])
  expect(run.code).toBe(1)
  expect(run.stderr).toMatch(/skip-steps/)
})

test('error: a damaged chain state names --fresh and changes nothing', async () => {
  using yard = yardHome()
  mkdirSync(join(yard.home, 'chain'), { recursive: true })
  writeFileSync(join(yard.home, 'chain', 'state.json'), '{ not json')
  writeFileSync(join(yard.home, 'chain', 'deployment.json'), '{}')
  const run = await runNode(['yard/src/cli.ts', '--home', yard.home, '--once', '--port', '0'])
  expect(run.code).toBe(1)
  expect(run.stderr).toMatch(/--fresh/)
  expect(readFileSync(join(yard.home, 'chain', 'state.json'), 'utf8')).toBe('{ not json')
})
