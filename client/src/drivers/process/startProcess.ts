import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import type { RunSpec } from '../driver.ts'
import { RunDidNotStart } from '../driverErrors.ts'
import { prepareJobDirectory } from '../prepareJobDirectory.ts'
import { refuseLinks } from '../refuseLinks.ts'
import { LogWriter } from './logWriter.ts'
import { processCommand } from './processCommand.ts'
import { identifyProcess } from './processIdentity.ts'
import { type RunEnd, writeEnd, writeRecord } from './runRecord.ts'
import { isReadableByAll, type SandboxTools } from './sandboxTools.ts'

const NOBODY = 65_534

export type LiveRun = {
  /** Set before the process is killed for its memory, so that its end can say so. */
  overMemory: boolean
  /** How it ended: what is known even when the disk had no room for it. */
  end: RunEnd | undefined
  /** Resolves when the end is known and all the output is on disk. */
  ended: Promise<void>
}

/**
 * Starts the trainer for a run and records it in folder. The trainer holds the read end of a pipe of the
 * daemon's, and stops when the daemon is gone.
 * Errors: RunDidNotStart, UnsafeJobDirectory.
 */
export async function startProcess(
  options: { nodePath: string; trainerDir: string; benchmarkDir?: string | undefined; tools: SandboxTools },
  folder: string,
  run: RunSpec,
): Promise<LiveRun> {
  const user = jobUser(options, run.jobDir)
  const mounts = await prepareJobDirectory(run.jobDir, user)
  for (const path of [mounts.data, mounts.input, mounts.output]) await refuseLinks(path)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { file, args, env } = processCommand({
    ...options,
    programDir: programDir(options, run),
    run,
    mounts,
    user,
  })
  const child = spawn(file, args, { cwd: '/', env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => undefined)
  const log = new LogWriter(join(folder, 'log.jsonl'))
  log.take(child.stdout, 'stdout')
  log.take(child.stderr, 'stderr')
  const live: LiveRun = { overMemory: false, end: undefined, ended: Promise.resolve() }
  live.ended = recordEnd(child, folder, log, live)
  const process = await spawned(child, run.runId)
  if (process) {
    const { memoryBytes, diskBytes } = run.limits
    writeRecord(folder, {
      orderId: run.orderId,
      runId: run.runId,
      output: mounts.output,
      memoryBytes,
      diskBytes,
      process,
    })
    setPriority(process.pid, constants.priority.PRIORITY_BELOW_NORMAL)
  }
  return live
}

/** Errors: RunDidNotStart where there is no benchmark to run. */
function programDir(
  options: { trainerDir: string; benchmarkDir?: string | undefined },
  run: RunSpec,
): string {
  if (run.program === undefined) return options.trainerDir
  if (options.benchmarkDir !== undefined) return options.benchmarkDir
  throw new RunDidNotStart(run.runId, 'this driver was given no benchmark', 'Report this.')
}

/** Undefined when the process ended at once; its end is then on disk already. */
async function spawned(child: ChildProcess, runId: string) {
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error) => {
      reject(
        new RunDidNotStart(
          runId,
          error.message,
          'Check that Node is installed where the configuration says.',
        ),
      )
    })
  })
  return identifyProcess(child.pid ?? 0)
}

function recordEnd(child: ChildProcess, folder: string, log: LogWriter, live: LiveRun): Promise<void> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      log.close()
      const exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0)
      const heapFull = log.tail.includes('JavaScript heap out of memory')
      live.end = { exitCode, oomKilled: exitCode !== 0 && (live.overMemory || heapFull) }
      resolve(recordOnDisk(folder, live.end))
    })
  })
}

/** A full disk must not end the daemon: a later one then finds the run missing, and starts it again. */
function recordOnDisk(folder: string, end: RunEnd): void {
  try {
    writeEnd(folder, end)
  } catch {
    // live.end has it for as long as this daemon lives.
  }
}

/** nobody, when the daemon is root and nobody can reach everything that the job needs. */
function jobUser(options: { nodePath: string; trainerDir: string; tools: SandboxTools }, jobDir: string) {
  const own = { uid: process.getuid?.() ?? NOBODY, gid: process.getgid?.() ?? NOBODY }
  if (!options.tools.root || !options.tools.setpriv) return own
  const needed = [options.nodePath, options.trainerDir, join(jobDir, 'spec.json')]
  return needed.every((path) => isReadableByAll(path)) ? { uid: NOBODY, gid: NOBODY } : own
}
