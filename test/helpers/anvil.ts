import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

const START_TIMEOUT_MS = 20_000
const keeper = join(import.meta.dirname, '../../yard/src/devnet/anvilKeeper.ts')

export type Anvil = { readonly rpcUrl: string; stop: () => Promise<void> }

/** npm's own binary on Linux (its wrapper script would outlive a kill), the one on PATH elsewhere. */
function anvilPath(): string {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch
  try {
    const manifest = `@foundry-rs/anvil-${process.platform}-${architecture}/package.json`
    return join(dirname(createRequire(import.meta.url).resolve(manifest)), 'bin', 'anvil')
  } catch {
    return 'anvil'
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new TypeError('no port')
  return address.port
}

/**
 * Starts a chain of its own on a free port; each transaction is mined at once. `args` are anvil's, such as
 * `--block-time 1`. Stop it in afterAll; however this process ends, even killed, its keeper stops the chain too.
 */
export async function startAnvil(args: readonly string[] = []): Promise<Anvil> {
  const port = await freePort()
  const command = [keeper, anvilPath(), '--host', '127.0.0.1', '--port', String(port), ...args]
  const child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.on('error', () => {}) // the pipe only tells the keeper that we live; it may be gone first
  const exited = once(child, 'exit')
  const timer = setTimeout(() => child.stdin.end(), START_TIMEOUT_MS)
  const [ready] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited.then(() => ['']),
  ])
  clearTimeout(timer)
  if (!ready) throw new Error('anvil ended before it answered')
  const stop = async () => {
    child.stdin.end()
    await exited
  }
  return { rpcUrl: `http://127.0.0.1:${port}`, stop }
}
