import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { test } from 'vitest'

const START_TIMEOUT_MS = 30_000
const TEST_TIMEOUT_MS = 60_000
/** Debian's nobody: Postgres refuses to run as root. */
const NOBODY = 65_534
const debian = '/usr/lib/postgresql'

const binaries = existsSync(debian)
  ? readdirSync(debian)
      .map((version) => join(debian, version, 'bin'))
      .findLast((path) => existsSync(join(path, 'initdb')))
  : undefined
const isRequired = (process.env.TRAINYARD_REQUIRE ?? '').split(',').includes('postgres')
const missing = `no initdb below ${debian}`

/** Whether tests with a Postgres server run at all. */
export const hasPostgres = binaries !== undefined

/** A test with a real server. Without one it is skipped with the reason in its name, or fails if postgres is required. */
export const postgresTest = (name: string, body: () => Promise<void>): void => {
  if (hasPostgres) test(name, body, TEST_TIMEOUT_MS)
  else if (isRequired)
    test(name, () => {
      throw new Error(`TRAINYARD_REQUIRE names postgres, but: ${missing}`)
    })
  else test.skip(`${name} [skipped: ${missing}]`, body)
}

export type Postgres = { readonly url: string; stop: () => Promise<void> }

/** A server of its own in a folder of its own, reached by a socket there; nobody else can use it. */
export const startPostgres = async (): Promise<Postgres> => {
  const dir = await mkdtemp(join(tmpdir(), 'trainyard-pg-'))
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  if (user.uid !== undefined) await chown(dir, user.uid, user.gid)
  const data = join(dir, 'data')
  const options = ['-D', data, '-U', 'market', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  await promisify(execFile)(join(binaries!, 'initdb'), options, {
    ...user,
    cwd: dir,
    timeout: START_TIMEOUT_MS,
  })
  const settings = ['-c', 'listen_addresses=', '-c', 'fsync=off', '-c', 'shared_buffers=16MB']
  const server = spawn(join(binaries!, 'postgres'), ['-D', data, '-k', dir, ...settings], {
    ...user,
    cwd: dir,
    stdio: 'ignore',
  })
  process.once('exit', () => server.kill('SIGKILL'))
  await ready(server, join(dir, '.s.PGSQL.5432'))
  return {
    url: `postgres:///postgres?host=${encodeURIComponent(dir)}&user=market`,
    stop: async () => {
      const ended = once(server, 'exit')
      server.kill('SIGINT') // "fast": does not wait for those who are connected
      await ended
      await rm(dir, { recursive: true, force: true })
    },
  }
}

const ready = async (server: ChildProcess, socket: string): Promise<void> => {
  for (const deadlineMs = Date.now() + START_TIMEOUT_MS; Date.now() < deadlineMs; await delay(50)) {
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`)
    if (existsSync(socket)) return
  }
  server.kill('SIGKILL')
  throw new Error('postgres did not start')
}
