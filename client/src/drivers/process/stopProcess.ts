import { setTimeout as sleep } from 'node:timers/promises'
import type { RunState } from '../driver.ts'
import { DriverError } from '../driverErrors.ts'
import { isSameProcess } from './processIdentity.ts'
import { readRecord } from './runRecord.ts'

const POLL_MS = 20
const KILL_TIMEOUT_MS = 10_000

export type KnownRun = { runId: string; folder: string; inspect: (runId: string) => RunState }

/** SIGTERM to the run's process group, SIGKILL after graceMs (at once when 0), and waits for its end. */
export async function stopProcess(known: KnownRun, graceMs: number): Promise<void> {
  if (graceMs > 0) {
    signalGroup(known, 'SIGTERM')
    if (await hasEnded(known, graceMs)) return
  }
  signalGroup(known, 'SIGKILL')
  if (await hasEnded(known, KILL_TIMEOUT_MS)) return
  throw new DriverError(
    `Run ${known.runId} does not end when killed`,
    'It hangs in the kernel; check the disk.',
    true,
  )
}

/** Signals a run that is still the process that was recorded, and nobody else. */
export function signalGroup(known: KnownRun, signal: 'SIGTERM' | 'SIGKILL'): void {
  const record = readRecord(known.folder)
  if (!record || !isSameProcess(record.process)) return
  try {
    process.kill(-record.process.pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

async function hasEnded(known: KnownRun, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  while (known.inspect(known.runId).kind === 'running') {
    if (performance.now() > deadline) return false
    await sleep(POLL_MS)
  }
  return true
}
