import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Devnet } from '../../test/helpers/devnet.ts'
import { round } from './figure.ts'

const folder = join(import.meta.dirname, '../ponder')
const program = join(folder, 'node_modules/ponder/dist/esm/bin/ponder.js')
const TIMEOUT_MS = 900_000

/** Whether `npm ci` was run in bench/ponder. */
export const hasPonder = existsSync(program)

/**
 * Lets ponder follow the staking pallet's events into a database of its own (PGlite, its default) from nothing, until it has
 * `events` of them. Seconds count from when it begins to read the chain, and from its start as a process.
 */
export async function ponderBackfill(net: Devnet, events: number) {
  const dir = await mkdtemp(join(tmpdir(), 'trainyard-ponder-'))
  const port = await freePort()
  const startedAt = performance.now()
  const child = spawn(process.execPath, [program, 'start', '--schema', 'bench', '--port', String(port)], {
    cwd: folder,
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      PONDER_TELEMETRY_DISABLED: '1',
      PONDER_BENCH_RPC: net.rpcUrl,
      PONDER_BENCH_ADDRESS: net.deployment.staking,
      PONDER_BENCH_FROM: String(net.deployment.deployedBlock),
      PONDER_BENCH_DIR: join(dir, 'pglite'),
    },
  })
  try {
    const url = `http://127.0.0.1:${port}`
    await until(async () => (await fetch(`${url}/health`)).ok)
    const readingAt = performance.now()
    await until(async () => {
      const answer = (await (await fetch(`${url}/count`)).json()) as { events: number }
      return answer.events >= events
    })
    const seconds = (performance.now() - readingAt) / 1000
    const secondsWithStart = (performance.now() - startedAt) / 1000
    return { events, seconds: round(seconds, 2), secondsWithStart: round(secondsWithStart, 2) }
  } finally {
    child.kill('SIGKILL')
    await rm(dir, { recursive: true, force: true })
  }
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  for (const endMs = performance.now() + TIMEOUT_MS; performance.now() < endMs; await delay(50)) {
    if (await isDone().catch(() => false)) return // it is not up yet
  }
  throw new Error(`Ponder did not follow in ${TIMEOUT_MS / 1000} s.`)
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
