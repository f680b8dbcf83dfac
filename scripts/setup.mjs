// Entry of every npm script: `node scripts/setup.mjs <script.ts> [args]`. Installs what is missing (npm ci, once per
// lockfile), then runs the script. Everything it says goes to stderr: stdout belongs to the script.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runPinned } from './runPinned.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

function fail(line) {
  process.stderr.write(`${line}\n`)
  process.exit(1)
}

/** npm ci, unless node_modules was made from this very lockfile. */
function installOnce() {
  const stamp = join(root, 'node_modules', '.trainyard-lock')
  const lockHash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash) return
  process.stderr.write('Installing dependencies (npm ci) ...\n')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { status, error } = spawnSync(npm, ['ci', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] })
  if (error) fail(`npm could not be started (${error.message}). Install npm 10 or 11 and try again.`)
  if (status !== 0) fail(`npm ci failed with exit code ${status}; its reason is above. Nothing was started.`)
  writeFileSync(stamp, lockHash)
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Node ${process.versions.node} is too old: Trainyard needs Node 20 or later.`)
}
const [script, ...args] = process.argv.slice(2)
if (!script) fail('usage: node scripts/setup.mjs <script.ts> [args]')
installOnce()
runPinned(join(root, script), args, 1)
