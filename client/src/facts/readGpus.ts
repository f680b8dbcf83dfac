import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { type Gpu, parseGpus } from './parseGpus.ts'
import { runProbe } from './runProbe.ts'

const probe = {
  script: join(import.meta.dirname, 'gpuProbe.ts'),
  what: 'nvidia-smi',
  timeoutMs: 10_000,
  maxBytes: 32 * 1024 * 1024,
}

/** What was found, and in words why it may be too little: a machine without a usable GPU is no error. */
export type GpuReading = { gpus: Gpu[]; problem?: string }

/** Asks nvidia-smi, if searchPath (as in PATH) has one. Never throws, never takes longer than ten seconds. */
export async function readGpus(searchPath: string): Promise<GpuReading> {
  if (!(await isInstalled(searchPath))) return { gpus: [] }
  try {
    const answer = JSON.parse(await runProbe(probe, searchPath)) as { data?: unknown; error?: string }
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
