import { spawn } from 'node:child_process'

/** A program of this folder that writes one answer on stdout. @property what it asks, for the error */
export type Probe = { script: string; what: string; timeoutMs: number; maxBytes: number }

/**
 * Runs a probe in a process group of its own: a driver that hangs takes its tools with it, and all are ended here. Its
 * libraries take no memory of the daemon either. Throws if it says too much, or nothing within its time.
 * @param searchPath its PATH, and its whole environment
 */
export function runProbe({ script, what, timeoutMs, maxBytes }: Probe, searchPath: string): Promise<string> {
  const child = spawn(process.execPath, [script], {
    env: { PATH: searchPath },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const end = (reason: string) => {
      reject(new Error(reason))
      endGroup(child.pid)
    }
    const timer = setTimeout(() => end(`${what} did not answer within ${timeoutMs / 1000} s.`), timeoutMs)
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBytes) end(`${what} answered too much.`)
      else chunks.push(chunk)
    })
    child.on('error', reject)
    child.on('close', () => {
      clearTimeout(timer)
      endGroup(child.pid)
      resolve(Buffer.concat(chunks).toString('utf8'))
    })
  })
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid) process.kill(-pid, 'SIGKILL')
  } catch {
    // All of it has ended by itself.
  }
}
