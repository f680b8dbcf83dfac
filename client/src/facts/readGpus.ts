import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { type Gpu, parseGpus } from './parseGpus.ts'

const TIMEOUT_MS = 10_000
const MAX_ANSWER_BYTES = 32 * 1024 * 1024

/** What was found, and in words why it may be too little: a machine without a usable GPU is no error. */
export type GpuReading = { gpus: Gpu[]; problem?: string }

/** Asks nvidia-smi, if searchPath (as in PATH) has one. Never throws, never takes longer than ten seconds. */
export async function readGpus(searchPath: string): Promise<GpuReading> {
  if (!(await isInstalled(searchPath))) return { gpus: [] }
  try {
    const answer = JSON.parse(await runProbe(searchPath)) as { data?: unknown; error?: string }
    if (answer.error !== undefined) return { gpus: [], problem: `nvidia-smi failed: ${answer.error}` }
    const { gpus, lost } = parseGpus(answer.data)
    return lost.length === 0 ? { gpus } : { gpus, problem: `no answer from the GPU at ${lost.join(', ')}.` }
  } catch (error) {
    return { gpus: [], problem: error instanceof Error ? error.message : String(error) }
  }
}

async function isInstalled(searchPath: string): Promise<boolean> {
  const candidates = searchPath.split(delimiter).filter((dir) => dir !== '')
  const found = await Promise.all(
    candidates.map((dir) =>
      access(join(dir, 'nvidia-smi'), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  )
  return found.includes(true)
}

/** In a process group of its own: a driver that hangs takes nvidia-smi with it, and both are ended here. */
function runProbe(searchPath: string): Promise<string> {
  const script = join(import.meta.dirname, 'gpuProbe.ts')
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
    const timer = setTimeout(
      () => end(`nvidia-smi did not answer within ${TIMEOUT_MS / 1000} s.`),
      TIMEOUT_MS,
    )
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > MAX_ANSWER_BYTES) end('nvidia-smi answered too much.')
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
