import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const TIMEOUT_MS = 5_000
const MAX_OUTPUT_BYTES = 1024 * 1024
const run = promisify(execFile)

/** What nvidia-smi calls it, and dcgm-exporter's name for it, in the same unit (%, MiB, W, degrees Celsius, MHz). */
export const GPU_GAUGES = [
  { field: 'utilization.gpu', name: 'DCGM_FI_DEV_GPU_UTIL', help: 'GPU utilization (in %).' },
  { field: 'memory.used', name: 'DCGM_FI_DEV_FB_USED', help: 'Framebuffer memory used (in MiB).' },
  { field: 'memory.free', name: 'DCGM_FI_DEV_FB_FREE', help: 'Framebuffer memory free (in MiB).' },
  { field: 'power.draw', name: 'DCGM_FI_DEV_POWER_USAGE', help: 'Power draw (in W).' },
  { field: 'temperature.gpu', name: 'DCGM_FI_DEV_GPU_TEMP', help: 'GPU temperature (in C).' },
  { field: 'clocks.sm', name: 'DCGM_FI_DEV_SM_CLOCK', help: 'SM clock frequency (in MHz).' },
  { field: 'clocks.mem', name: 'DCGM_FI_DEV_MEM_CLOCK', help: 'Memory clock frequency (in MHz).' },
] as const

export type GpuSample = {
  gpu: string
  uuid: string
  model: string
  /** By name of the gauge; what the GPU does not tell is left out. */
  values: Map<string, number>
}

/** Asks nvidia-smi, if searchPath (as in PATH) has one; no GPU, or a driver that hangs, gives no samples. */
export async function readGpuGauges(searchPath: string): Promise<GpuSample[]> {
  const fields = ['index', 'uuid', 'name', ...GPU_GAUGES.map(({ field }) => field)]
  const args = [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits']
  const limits = { timeout: TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: MAX_OUTPUT_BYTES } as const
  try {
    const { stdout } = await run('nvidia-smi', args, { ...limits, env: { PATH: searchPath } })
    return stdout.split('\n').flatMap((line) => (line.trim() === '' ? [] : [sampleOf(line)]))
  } catch {
    return []
  }
}

function sampleOf(line: string): GpuSample {
  const [gpu = '', uuid = '', model = '', ...texts] = line.split(',').map((text) => text.trim())
  const values = new Map<string, number>()
  for (const [index, { name }] of GPU_GAUGES.entries()) {
    const text = texts[index] ?? ''
    if (/^\d+(\.\d+)?$/.test(text)) values.set(name, Number(text)) // "[N/A]" otherwise
  }
  return { gpu, uuid, model, values }
}
