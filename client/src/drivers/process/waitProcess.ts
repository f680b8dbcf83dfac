import { setTimeout as sleep } from 'node:timers/promises'
import type { RunState } from '../driver.ts'
import { measureDirectory } from '../measureDirectory.ts'
import { residentBytes } from './processIdentity.ts'
import { readRecord } from './runRecord.ts'
import type { LiveRun } from './startProcess.ts'
import { type KnownRun, signalGroup } from './stopProcess.ts'

const POLL_MS = 500

/**
 * Resolves once the run is not running, or with its current state when signal aborts. Meanwhile it holds
 * the disk and memory limits: a run found over one of them is killed.
 */
export async function waitProcess(
  known: KnownRun & { live: LiveRun | undefined },
  signal: AbortSignal,
): Promise<RunState> {
  while (!signal.aborted) {
    const record = readRecord(known.folder)
    const overDisk =
      record !== undefined && (await measureDirectory(record.output, record.diskBytes)) > record.diskBytes
    const state = known.inspect(known.runId)
    if (state.kind === 'exited') return overDisk ? { ...state, overDisk } : state
    if (state.kind === 'missing') return state
    const overMemory = record !== undefined && residentBytes(record.process.pid) > record.memoryBytes
    if (overMemory && known.live) known.live.overMemory = true
    if (overDisk || overMemory) signalGroup(known, 'SIGKILL')
    const timer = sleep(POLL_MS, undefined, { signal }).catch(() => undefined)
    await (known.live ? Promise.race([timer, known.live.ended]) : timer)
  }
  return known.inspect(known.runId)
}
