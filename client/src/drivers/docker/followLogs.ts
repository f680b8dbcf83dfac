import { finished } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { EngineUnreachable } from '../driverErrors.ts'
import { containerOf, type Engine } from './engine.ts'
import { engineCall, refusalOf } from './engineCall.ts'
import { inspectContainer, runStateOf } from './inspectContainer.ts'
import { LogLineReader, type OnLine } from './logLineReader.ts'

const RECONNECT_MS = 500

/**
 * Delivers the lines since sinceMs (inclusive: lines of that very millisecond come again) and follows
 * until the run has ended and all was read, or signal aborts. When the engine goes away it reconnects and
 * goes on where it was. stdout and stderr are each in order, not between each other.
 */
export async function followLogs(
  engine: Engine,
  runId: string,
  sinceMs: number,
  onLine: OnLine,
  signal: AbortSignal,
): Promise<void> {
  const sinceNs = BigInt(Math.max(0, Math.floor(sinceMs))) * 1_000_000n
  const stdout = new LogLineReader('stdout', sinceNs, onLine)
  const stderr = new LogLineReader('stderr', sinceNs, onLine)
  while (!signal.aborted) {
    const ended = await hasEnded(engine, runId)
    const readToTheEnd = await readOnce(engine, runId, stdout, stderr, signal)
    // Only what was read after the run had ended is known to be all of it.
    if (ended && readToTheEnd) return
    if (!readToTheEnd) await sleep(RECONNECT_MS, undefined, { signal }).catch(() => undefined)
  }
}

async function hasEnded(engine: Engine, runId: string): Promise<boolean> {
  try {
    return runStateOf(await inspectContainer(engine, runId)).kind !== 'running'
  } catch (error) {
    if (error instanceof EngineUnreachable) return false
    throw error
  }
}

/** True when the engine closed the stream in good order, or has no such run. */
async function readOnce(
  engine: Engine,
  runId: string,
  stdout: LogLineReader,
  stderr: LogLineReader,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const source = await openLogs(engine, runId, earlier(stdout.lastNs, stderr.lastNs))
    engine.docker.modem.demuxStream(source, stdout.sink(), stderr.sink())
    const close = () => source.destroy()
    signal.addEventListener('abort', close, { once: true })
    if (signal.aborted) close()
    await finished(source, { writable: false }).finally(() => signal.removeEventListener('abort', close))
    return true
  } catch (error) {
    const status = refusalOf(error)
    if (status === 404) return true
    if (status !== undefined) throw error
    return false
  }
}

function earlier(aNs: bigint, bNs: bigint): bigint {
  if (aNs < 0n || bNs < 0n) return 0n
  return aNs <= bNs ? aNs : bNs
}

type LogStream = NodeJS.ReadableStream & { destroy(): void }

function openLogs(engine: Engine, runId: string, sinceNs: bigint): Promise<LogStream> {
  const since = `${sinceNs / 1_000_000_000n}.${String(sinceNs % 1_000_000_000n).padStart(9, '0')}`
  const options = { follow: true, stdout: true, stderr: true, timestamps: true, since } as const
  return engineCall(`read the logs of run ${runId}`, async () => {
    return (await containerOf(engine, runId).logs(options)) as LogStream
  })
}
