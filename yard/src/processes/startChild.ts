import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { YardError } from '../errors.ts'

const READY_TIMEOUT_MS = 30_000
const STOP_GRACE_MS = 6_000

export type Child = {
  readonly name: string
  readonly pid: number
  /** What the child printed as its ready line. */
  readonly ready: Record<string, unknown>
  readonly exited: Promise<number | null>
  /** SIGTERM, then SIGKILL after a grace. Safe to call twice. */
  stop: () => Promise<void>
}

export type ChildCommand = {
  name: string
  script: string
  args: string[]
  logFile: string
  onLine?: (line: string) => void
}

/**
 * Starts a long-running part of the yard on this Node and waits for its ready line. The child has its own process
 * group (a Ctrl-C must not reach it before the yard has shut things down in order) and ends by itself when its
 * stdin closes, so it cannot outlive the yard even if the yard is killed.
 * @throws YardError with the end of the child's log if it exits or stays silent
 */
export async function startChild(command: ChildCommand): Promise<Child> {
  mkdirSync(dirname(command.logFile), { recursive: true })
  const log = openSync(command.logFile, 'a')
  const child = spawn(process.execPath, [command.script, ...command.args], {
    stdio: ['pipe', 'pipe', log],
    detached: true,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DOCKER_HOST: process.env.DOCKER_HOST },
  })
  closeSync(log)
  child.stdin!.on('error', () => {}) // the pipe only tells the child that we live; it may be gone first
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const lines = createInterface({ input: child.stdout! })
  const ready = await firstLine(child, exited, lines, command)
  lines.on('line', (line) => command.onLine?.(line))
  return { name: command.name, pid: child.pid!, ready, exited, stop: () => stop(child, exited) }
}

async function firstLine(
  child: ChildProcess,
  exited: Promise<number | null>,
  lines: ReturnType<typeof createInterface>,
  command: ChildCommand,
): Promise<Record<string, unknown>> {
  const timeout = AbortSignal.timeout(READY_TIMEOUT_MS)
  const silent = once(timeout, 'abort').then(() => `said nothing for ${READY_TIMEOUT_MS / 1000} s`)
  const gone = exited.then((code) => `ended with exit code ${code}`)
  const line = once(lines, 'line', { signal: timeout }).then(([text]) => ({ text: text as string }))
  line.catch(() => {}) // the time-out is reported through `silent`
  const first = await Promise.race([line, gone, silent])
  if (typeof first === 'string') {
    child.kill('SIGKILL')
    throw new YardError(`${command.name} ${first}. ${lastWords(command.logFile)}`)
  }
  return JSON.parse(first.text) as Record<string, unknown>
}

/** The last message in a log: one clear sentence if the child wrote one, pino JSON or plain. */
export function lastWords(logFile: string): string {
  const last = readFileSync(logFile, 'utf8').trimEnd().split('\n').at(-1) ?? ''
  try {
    const { msg, err } = JSON.parse(last) as { msg?: string; err?: { message?: string } }
    return [msg, err?.message].filter(Boolean).join(': ')
  } catch {
    return last
  }
}

async function stop(child: ChildProcess, exited: Promise<number | null>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS)
  await exited
  clearTimeout(timer)
}
