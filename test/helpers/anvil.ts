import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const START_TIMEOUT_MS = 20_000
const anvilPath = join(import.meta.dirname, '../../node_modules/.bin/anvil')

export type Anvil = { readonly rpcUrl: string; stop: () => Promise<void> }

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new TypeError('no port')
  return address.port
}

/** Started chains by process group; whatever way this process ends, they end with it. */
const running = new Set<number>()

function killAll(): void {
  for (const pid of running) kill(pid, 'SIGKILL')
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // It is gone already.
  }
}

process.on('exit', killAll)
process.on('uncaughtExceptionMonitor', killAll)

/**
 * Starts a chain of its own on a free port; each transaction is mined at once. `args` are anvil's, such as
 * `--block-time 1`. Stop it in afterAll; it also stops when the test process ends in any way but SIGKILL.
 */
export async function startAnvil(args: readonly string[] = []): Promise<Anvil> {
  const port = await freePort()
  const command = ['--host', '127.0.0.1', '--port', String(port), ...args]
  const child = spawn(anvilPath, command, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  const pid = child.pid
  if (!pid) throw new Error('anvil could not be started')
  running.add(pid)
  const exited = once(child, 'exit')
  const stop = async () => {
    kill(pid, 'SIGKILL')
    await exited
    running.delete(pid)
  }
  const ready = (async () => {
    for await (const line of createInterface({ input: child.stdout }))
      if (line.includes('Listening on')) return true
    return false
  })()
  const timer = setTimeout(() => kill(pid, 'SIGKILL'), START_TIMEOUT_MS)
  const started = await ready
  clearTimeout(timer)
  if (!started) {
    running.delete(pid)
    throw new Error('anvil ended before it answered')
  }
  child.stdout.resume()
  return { rpcUrl: `http://127.0.0.1:${port}`, stop }
}
