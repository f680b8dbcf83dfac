import { existsSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { YardError } from '../errors.ts'
import { freePort } from '../processes/freePort.ts'
import { type Child, startChild } from '../processes/startChild.ts'

const STATE_INTERVAL_SECONDS = 5
const USUAL_PORT = 8545
export const USUAL_RPC_URL = `http://127.0.0.1:${USUAL_PORT}`
export const DEVNET_CHAIN_ID = 31337

export type Anvil = { rpcUrl: string; pid: number; stop: () => Promise<void>; exited: Child['exited'] }

/** anvil's binary: from npm on Linux, from PATH elsewhere. */
function anvilPath(): string {
  const platform = `@foundry-rs/anvil-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
  const require = createRequire(import.meta.url)
  try {
    return join(dirname(require.resolve(`${platform}/package.json`)), 'bin', 'anvil')
  } catch {
    return 'anvil'
  }
}

/**
 * Starts a local chain whose state is kept in `stateFile` between starts. Each transaction is mined at once.
 * @throws YardError when the kept state cannot be read, with the advice to begin anew
 */
export async function startAnvil(stateFile: string, logFile: string): Promise<Anvil> {
  mkdirSync(dirname(stateFile), { recursive: true })
  const kept = existsSync(stateFile)
  // The usual port if nobody has it, so that commands typed by hand keep working from start to start.
  const port = await freePort(USUAL_PORT).catch(() => freePort())
  const onPort = (port: number) => startOn(port, stateFile, logFile)
  try {
    // Whoever starts at the same moment may have taken it since.
    return await onPort(port).catch(async (error: Error) => {
      if (!/already in use/i.test(error.message)) throw error
      return onPort(await freePort())
    })
  } catch (cause) {
    const advice = kept
      ? `The kept chain in ${stateFile} may be damaged: \`npm start -- --fresh\` begins anew (the old devnet is lost).`
      : 'No money was at stake.'
    throw new YardError(`The local chain did not start: ${(cause as Error).message} ${advice}`, { cause })
  }
}

async function startOn(port: number, stateFile: string, logFile: string): Promise<Anvil> {
  const args = ['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(DEVNET_CHAIN_ID)]
  const state = ['--state', stateFile, '--state-interval', String(STATE_INTERVAL_SECONDS)]
  const { pid, stop, exited } = await startChild({
    name: 'anvil',
    script: join(import.meta.dirname, 'anvilKeeper.ts'),
    args: [anvilPath(), ...args, ...state],
    logFile,
  })
  return { rpcUrl: `http://127.0.0.1:${port}`, pid, stop, exited }
}
