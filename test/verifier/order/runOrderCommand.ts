import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Rig } from '../../client/rig/startRig.ts'

const bin = join(import.meta.dirname, '../../../verifier/bin/trainyard-verify.mjs')

/** `trainyard-verify order` as a stranger runs it: in a process of its own, against the rig's chain and store. */
export async function runOrderCommand({ devnet, market }: Rig, orderId: bigint | string, ...more: string[]) {
  const args = [bin, 'order', `${orderId}`, '--rpc', devnet.rpcUrl, '--store', market.url, '--json']
  const child = spawn(process.execPath, [...args, ...more], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, stderr, answer: stdout === '' ? undefined : JSON.parse(stdout) }
}
