import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { installSubstrateChain, substrateChainFolder } from './installSubstrateChain.ts'

const START_TIMEOUT_MS = 60_000

export type SubstrateChain = { readonly url: string; stop: () => Promise<void> }

/**
 * Starts Acala's runtime in a process of its own. A block comes with each transaction, and one every `tickMs` besides.
 * @param options.accounts native balances, in units of 10^-12, by public key (hex)
 */
export async function startSubstrateChain(options: {
  accounts: Readonly<Record<string, bigint>>
  chainId: number
  tickMs: number
}): Promise<SubstrateChain> {
  await installSubstrateChain()
  const child = spawn(process.execPath, [join(substrateChainFolder, 'chain.mjs')], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'error' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.on('error', () => {}) // the pipe only tells the chain that we live; it may be gone first
  const exited = once(child, 'exit')
  const timer = setTimeout(() => child.stdin.end(), START_TIMEOUT_MS)
  const accounts = Object.entries(options.accounts).map(([id, units]) => [id, String(units)])
  child.stdin.write(`${JSON.stringify({ ...options, accounts: Object.fromEntries(accounts) })}\n`)
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited.then(() => ['']),
  ])
  clearTimeout(timer)
  if (!line) throw new Error('the Substrate chain ended before it was ready')
  const stop = async () => {
    child.stdin.end()
    await exited
  }
  return { url: (JSON.parse(line) as { url: string }).url, stop }
}
