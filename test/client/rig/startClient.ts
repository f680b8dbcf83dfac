import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const cli = join(import.meta.dirname, '../../../client/src/cli.ts')
const READY_TIMEOUT_MS = 180_000

type LogLine = { msg?: string; phase?: string; orderId?: string; [key: string]: unknown }

/** The real daemon in a process of its own, so that it can be killed. */
export type ClientProcess = {
  url: string
  machineId: bigint
  /** Ids of its machines by name; the name is empty where it has one. */
  machines: ReadonlyMap<string, bigint>
  log: LogLine[]
  child: ChildProcess
  /** Resolves with the first log line, also an earlier one, that fits. Rejects if the daemon ends before. */
  logged(fits: (line: LogLine) => boolean): Promise<LogLine>
  kill(): Promise<void>
  terminate(): Promise<number | null>
}

/**
 * Starts `trainyard start`; resolves once it says that it is ready.
 * @param program instead of that, one that runs a daemon otherwise
 */
export async function startClient(
  config: string,
  program: readonly string[] = [cli, 'start'],
): Promise<ClientProcess> {
  const child = spawn(process.execPath, [...program, '--config', config, '--parent-pipe'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const log: LogLine[] = []
  const waiting = new Set<() => void>()
  createInterface({ input: child.stderr }).on('line', (text) => {
    log.push(parse(text))
    for (const check of [...waiting]) check()
  })
  const logged = (fits: (line: LogLine) => boolean) =>
    new Promise<LogLine>((resolve, reject) => {
      const check = () => {
        const found = log.find(fits)
        if (!found) return
        waiting.delete(check)
        resolve(found)
      }
      waiting.add(check)
      void exited.then(() => reject(new Error(`the daemon ended: ${JSON.stringify(log.slice(-5))}`)))
      check()
    })
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  type Ready = { url: string; machineId: string; machines: Record<string, string> }
  const ready = new Promise<Ready>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)))
    void exited.then(() => reject(new Error(`the daemon ended: ${JSON.stringify(log.slice(-5))}`)))
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_TIMEOUT_MS)
  const { url, machineId, machines: named } = await ready.finally(() => clearTimeout(timer))
  const terminate = async () => {
    child.kill('SIGTERM')
    await exited
    return child.exitCode
  }
  const machines = new Map(Object.entries(named).map(([name, id]) => [name, BigInt(id)]))
  return { url, machineId: BigInt(machineId), machines, log, child, logged, kill, terminate }
}

function parse(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine
  } catch {
    return { msg: text }
  }
}
