import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = join(import.meta.dirname, '..', '..')
const TIMEOUT_MS = 180_000

export type YardRun = { code: number | null; stdout: string; stderr: string }

/** A throw-away yard folder; removed when the test is done with it. */
export function yardHome(): { home: string; [Symbol.dispose]: () => void } {
  const home = mkdtempSync(join(tmpdir(), 'trainyard-e2e-'))
  return { home, [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }) }
}

/** `npm start -s -- <args>` in the background, in its own process group so that a test can send it a Ctrl-C. */
function startYard(
  home: string,
  args: string[],
  env: Record<string, string> = {},
  timeoutMs: number = TIMEOUT_MS,
) {
  const all = ['start', '-s', '--', '--home', home, '--port', '0', ...args]
  const child = spawn('npm', all, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), timeoutMs)
  const done = collect(child).finally(() => clearTimeout(timer))
  return { child, done, ctrlC: () => process.kill(-child.pid!, 'SIGINT') }
}

/** Waits until the yard has said it. */
export async function untilSaid(read: () => string, pattern: RegExp, timeoutMs = 120_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!pattern.test(read())) {
    if (performance.now() > deadline) throw new Error(`${pattern} was not said in time:\n${read()}`)
    await sleep(50)
  }
}

/** A yard in the background, and what it has said so far. */
export function watched(home: string, args: string[], timeoutMs?: number) {
  const yard = startYard(home, args, {}, timeoutMs)
  let said = ''
  yard.child.stderr!.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8')
  })
  return { ...yard, said: () => said }
}

export function runYard(home: string, args: string[], env: Record<string, string> = {}): Promise<YardRun> {
  return startYard(home, args, env).done
}

async function collect(child: ChildProcess): Promise<YardRun> {
  const read = { stdout: '', stderr: '' }
  child.stdout!.on('data', (chunk: Buffer) => {
    read.stdout += chunk.toString('utf8')
  })
  child.stderr!.on('data', (chunk: Buffer) => {
    read.stderr += chunk.toString('utf8')
  })
  const [code] = await once(child, 'close')
  return { code, ...read }
}

/** Runs a command to its end on this Node. */
export async function runNode(args: string[]): Promise<YardRun> {
  return collect(spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] }))
}

/** Process ids of what a running yard has started, by name. */
export function yardProcesses(home: string): Record<string, number> {
  return JSON.parse(readFileSync(join(home, 'processes.json'), 'utf8')) as Record<string, number>
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
