// Runs anvil as a child of its own: `node anvilKeeper.ts <anvil> [anvil args]`. anvil does not notice that its
// parent is gone, and a Ctrl-C in the terminal must not stop the chain before the others are done with it. So it
// gets its own process group, and this keeper stops it (SIGINT: anvil then writes its state) when stdin closes.
import { spawn } from 'node:child_process'
import { once } from 'node:events'

const STOP_GRACE_MS = 5_000

const [command, ...args] = process.argv.slice(2)
if (!command) throw new Error('usage: anvilKeeper.ts <anvil> [args]')
const anvil = spawn(command, args, { stdio: ['ignore', 'pipe', 2], detached: true })

let stopping = false
function stop() {
  if (stopping) return
  stopping = true
  anvil.kill('SIGINT')
  setTimeout(() => anvil.kill('SIGKILL'), STOP_GRACE_MS).unref()
}
process.stdin.on('end', stop).on('error', stop).resume()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
anvil.on('error', (error) => {
  process.stderr.write(`anvil could not be started: ${error.message}\n`)
  process.exit(1)
})
// anvil prints "Listening on ..." once it answers.
let printed = ''
anvil.stdout!.on('data', (chunk: Buffer) => {
  if (printed === '' || !printed.includes('Listening on')) {
    printed += chunk.toString('utf8')
    if (printed.includes('Listening on')) process.stdout.write(`${JSON.stringify({ ready: true })}\n`)
  }
})
const [code] = await once(anvil, 'exit')
if (printed.length > 0 && !printed.includes('Listening on')) process.stderr.write(printed.slice(-2_000))
process.exit(stopping ? 0 : (code ?? 1))
