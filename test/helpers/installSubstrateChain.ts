import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export const substrateChainFolder = join(import.meta.dirname, '../substrate-chain')
const stamp = join(substrateChainFolder, 'node_modules', '.trainyard-lock')
const lock = join(substrateChainFolder, '.installing')
const INSTALL_TIMEOUT_MS = 240_000

/** Installs the test chain's own packages (npm ci, once per lockfile), which the market itself does not need. */
export async function installSubstrateChain(): Promise<void> {
  const lockHash = createHash('sha256')
    .update(readFileSync(join(substrateChainFolder, 'package-lock.json')))
    .digest('hex')
  const isThere = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash
  if (isThere()) return
  if (!takeLock()) return waitFor(isThere)
  try {
    const args = ['ci', '--ignore-scripts', '--loglevel=error']
    const { status, error } = spawnSync('npm', args, {
      cwd: substrateChainFolder,
      stdio: ['ignore', 2, 2],
      timeout: INSTALL_TIMEOUT_MS,
    })
    if (status !== 0) throw new Error(`npm ci in ${substrateChainFolder} failed: ${error?.message ?? status}`)
    writeFileSync(stamp, lockHash)
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** Test files run side by side: the first installs, the others wait. A lock that was left behind is taken over. */
function takeLock(): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch {
    const ageMs = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0)
    return ageMs > INSTALL_TIMEOUT_MS
  }
}

async function waitFor(isThere: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + INSTALL_TIMEOUT_MS
  while (!isThere()) {
    if (Date.now() > deadlineMs || !existsSync(lock)) {
      if (isThere()) return
      throw new Error('the test chain’s packages were not installed')
    }
    await sleep(200)
  }
}
