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

// The runtime is compiled anew for each call, which takes a seventh of a second, and one call waits for another. So what never
// changes (whoever connects reads the metadata) is asked for once, and ...
const constants = new Map()
let underWay = 0
let idleSinceMs = performance.now()
const { prototype } = chain.head.constructor
const { call } = prototype
prototype.call = function remembered(method, args) {
  if (!method.startsWith('Metadata_')) return counted(call.call(this, method, args))
  const key = `${method} ${args}`
  if (!constants.has(key)) constants.set(key, counted(call.call(this, method, args)))
  return constants.get(key)
}
async function counted(answer) {
  underWay++
  try {
    return await answer
  } finally {
    underWay--
    idleSinceMs = performance.now()
  }
}

// ... blocks that nobody asked for, four calls each, come when there is nothing else to do, and now and then all the same: as on
// any Substrate chain there have to be some, since beacons are hashes of blocks to come.
for (let tickedAtMs = performance.now(); ; ) {
  await new Promise((resolve) => setTimeout(resolve, tickMs / 10))
  const nowMs = performance.now()
  const isIdle = underWay === 0 && nowMs - idleSinceMs > tickMs
  if (!isIdle && nowMs - tickedAtMs < 20 * tickMs) continue
  if (chain.txPool.pendingExtrinsics.length === 0) await chain.newBlock()
  tickedAtMs = performance.now()
}
