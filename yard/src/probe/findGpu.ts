import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const TIMEOUT_MS = 5_000

/** Names of the GPUs that nvidia-smi lists, or why there are none. */
export async function findGpu(): Promise<{ names: string[]; reason?: string }> {
  try {
    const { stdout } = await promisify(execFile)(
      'nvidia-smi',
      ['--query-gpu=name', '--format=csv,noheader'],
      {
        timeout: TIMEOUT_MS,
      },
    )
    return { names: stdout.trim().split('\n').filter(Boolean) }
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    return { names: [], reason: missing ? 'nvidia-smi is not installed' : 'nvidia-smi did not answer' }
  }
}
