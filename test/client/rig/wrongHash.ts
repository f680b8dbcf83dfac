// The daemon on a machine whose memory was wrong once: node wrongHash.ts CONFIG ORDERS_FOLDER MOMENT. It hashes other bytes
// than the trainer wrote at the end of window 0, keeps what was written, and kills itself the first time the moment comes.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runDaemon } from '../../../client/src/runDaemon.ts'

const [config = '', orders = '', last = ''] = process.argv.slice(2)
const SEGMENT = 2
const STEP = 48
let hashed = -1
let written: Buffer | undefined

process.exitCode = await runDaemon({
  config,
  parentPipe: true,
  searchPath: process.env.PATH ?? '',
  atMoment(moment) {
    if (moment === 'before HashSegment' && ++hashed === SEGMENT) spoil()
    if (moment === 'after HashSegment' && hashed === SEGMENT && written) {
      writeFileSync(join(orderFolder(), 'checkpoints', `${STEP}.safetensors`), written)
      written = undefined
    }
    if (moment === last) process.kill(process.pid, 'SIGKILL')
  },
})

/** The trainer runs in a process of its own and goes on meanwhile. */
function spoil(): void {
  const run = readdirSync(orderFolder()).find((name) => name.startsWith('run-r'))!
  const file = join(orderFolder(), run, 'out', 'checkpoints', String(STEP), 'state.safetensors')
  while (!existsSync(file)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
  written = readFileSync(file)
  const wrong = Buffer.from(written)
  wrong[Math.floor(wrong.length / 2)]! ^= 1
  writeFileSync(file, wrong)
}

function orderFolder(): string {
  return join(orders, readdirSync(orders)[0]!)
}
