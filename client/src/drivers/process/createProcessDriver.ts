import { mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { checkRunId } from '../checkRunId.ts'
import type { Driver, RunSpec, RunState } from '../driver.ts'
import { RunDidNotStart } from '../driverErrors.ts'
import { describeIsolation } from './describeIsolation.ts'
import { followLogFile } from './followLogFile.ts'
import { isSameProcess } from './processIdentity.ts'
import { readEnd, readRecord } from './runRecord.ts'
import { findSandboxTools } from './sandboxTools.ts'
import { type LiveRun, startProcess } from './startProcess.ts'
import { stopProcess } from './stopProcess.ts'
import { waitProcess } from './waitProcess.ts'

export type ProcessDriverOptions = {
  nodePath: string
  /** The canonical trainer: the only code that this driver runs. */
  trainerDir: string
  /** The benchmark, for runs that ask for it. */
  benchmarkDir?: string
  /** Where the records and logs of runs are kept, a folder each. No job can read it. */
  stateDir: string
}

/**
 * Runs the canonical trainer as a process under Node's permission model, for machines without Docker.
 * A run ends with its daemon; a later daemon sees "exited" when the end was recorded, else "missing".
 * leftOut says what this machine does not keep a job from.
 */
export function createProcessDriver(options: ProcessDriverOptions): Driver & { readonly leftOut: string[] } {
  const tools = findSandboxTools()
  const paths = {
    nodePath: realpathSync(options.nodePath),
    trainerDir: realpathSync(options.trainerDir),
    benchmarkDir: options.benchmarkDir && realpathSync(options.benchmarkDir),
    tools,
  }
  mkdirSync(options.stateDir, { recursive: true, mode: 0o700 })
  const live = new Map<string, LiveRun>()
  const folderOf = (runId: string) => {
    checkRunId(runId)
    return join(options.stateDir, runId)
  }
  const inspect = (runId: string): RunState => {
    const folder = folderOf(runId)
    const known = live.get(runId)
    if (known && !known.end) return { kind: 'running' }
    const end = known?.end ?? readEnd(folder)
    if (end) return { kind: 'exited', ...end }
    const record = readRecord(folder)
    return record && isSameProcess(record.process) ? { kind: 'running' } : { kind: 'missing' }
  }
  const driver: Driver & { readonly leftOut: string[] } = {
    name: 'process',
    leftOut: describeIsolation(tools),
    start: async (run) => {
      if (inspect(run.runId).kind !== 'missing') return
      requirePlain(run)
      const started = await startProcess(paths, folderOf(run.runId), run)
      live.set(run.runId, started)
    },
    inspect: async (runId) => inspect(runId),
    wait: (runId, signal) =>
      waitProcess({ runId, folder: folderOf(runId), inspect, live: live.get(runId) }, signal),
    stop: (runId, graceMs) => stopProcess({ runId, folder: folderOf(runId), inspect }, graceMs),
    remove: async (runId) => {
      await stopProcess({ runId, folder: folderOf(runId), inspect }, 0)
      rmSync(folderOf(runId), { recursive: true, force: true })
      live.delete(runId)
    },
    logs: (runId, sinceMs, onLine, signal) => {
      const isRunning = () => inspect(runId).kind === 'running'
      return followLogFile(join(folderOf(runId), 'log.jsonl'), sinceMs, isRunning, onLine, signal)
    },
    list: async () => readdirSync(options.stateDir),
    sweep: async (isOpen, minAgeMs) => {
      const isGhost = (runId: string) => {
        const record = readRecord(folderOf(runId))
        const ageMs = Date.now() - statSync(folderOf(runId)).ctimeMs
        return record !== undefined && !isOpen(record.orderId) && ageMs >= minAgeMs
      }
      const ghosts = readdirSync(options.stateDir).filter(isGhost)
      for (const runId of ghosts) await driver.remove(runId)
      return ghosts
    },
  }
  return driver
}

/** Errors: RunDidNotStart for what only a container can be given. */
function requirePlain(run: RunSpec): void {
  const asked = run.image !== undefined || run.gpus?.length || run.egress?.length
  if (!asked) return
  const reason = 'it asks for an image, GPUs or egress, and this machine runs jobs without containers'
  throw new RunDidNotStart(run.runId, reason, 'Use the docker driver.')
}
