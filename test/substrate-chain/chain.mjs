// A Substrate chain on loopback in a process of its own: Acala's released runtime, run by Chopsticks. Reads one line of
// JSON (see genesis.mjs, and `tickMs`) from stdin, prints { url } and lives until stdin closes.
import { createInterface } from 'node:readline'
import { BuildBlockMode, defaultLogger, setupWithServer } from '@acala-network/chopsticks'
import { genesis } from './genesis.mjs'

defaultLogger.level = 'error'
const lines = createInterface({ input: process.stdin })
const [line] = await new Promise((resolve) => lines.once('line', (text) => resolve([text])))
const { tickMs, ...options } = JSON.parse(line)
const { chain, addr } = await setupWithServer({
  genesis: genesis(options),
  'build-block-mode': BuildBlockMode.Batch,
  host: '127.0.0.1',
  port: 0,
})
process.stdin.on('close', () => process.exit(0)).on('end', () => process.exit(0))
process.stdout.write(`${JSON.stringify({ url: `ws://${addr}` })}\n`)

// Blocks come also when nobody sends anything, as on any Substrate chain: beacons are hashes of blocks to come.
for (let head = ''; ; head = chain.head.hash) {
  await new Promise((resolve) => setTimeout(resolve, tickMs))
  if (chain.head.hash === head && chain.txPool.pendingExtrinsics.length === 0) await chain.newBlock()
}
