import type { Logger } from 'pino'
import { cpu, fsSize, mem, osInfo } from 'systeminformation'
import type { Gpu } from './parseGpus.ts'
import { readGpus } from './readGpus.ts'

const TIMEOUT_MS = 10_000

/** What a machine is, as measured on it. Only what does not change from one minute to the next: it is hashed. */
export type MachineFacts = {
  version: 1
  cpu: { brand: string; cores: number; physicalCores: number }
  memoryBytes: number
  diskBytes: number
  os: { platform: string; distro: string; release: string; kernel: string; arch: string }
  gpus: Pick<Gpu, 'model' | 'uuid' | 'memoryBytes' | 'driverVersion' | 'cudaVersion' | 'powerLimitW'>[]
}

/**
 * Measures this machine. GPUs come from nvidia-smi, everything else from systeminformation, whose own GPU
 * list needs lspci and has no UUIDs.
 * @param dataDir the disk whose size counts
 */
export async function readMachineFacts(args: {
  dataDir: string
  searchPath: string
  logger: Logger
}): Promise<MachineFacts> {
  const [processor, memory, disks, system, gpus] = await Promise.all([
    within(cpu(), 'the processor'),
    within(mem(), 'the memory'),
    within(fsSize(), 'the disks'),
    within(osInfo(), 'the operating system'),
    readGpus(args.searchPath),
  ])
  if (gpus.problem !== undefined) args.logger.warn({ msg: 'no GPU is offered', reason: gpus.problem })
  const disk = disks
    .filter(({ mount }) => args.dataDir === mount || args.dataDir.startsWith(mount.replace(/\/*$/, '/')))
    .sort((a, b) => b.mount.length - a.mount.length)[0]
  return {
    version: 1,
    cpu: { brand: processor.brand, cores: processor.cores, physicalCores: processor.physicalCores },
    memoryBytes: memory.total,
    diskBytes: disk?.size ?? 0,
    os: {
      platform: system.platform,
      distro: system.distro,
      release: system.release,
      kernel: system.kernel,
      arch: system.arch,
    },
    gpus: gpus.gpus.map(stableGpu),
  }
}

function stableGpu({ model, uuid, memoryBytes, driverVersion, cudaVersion, powerLimitW }: Gpu) {
  return {
    model,
    uuid,
    memoryBytes,
    driverVersion,
    ...(cudaVersion === undefined ? {} : { cudaVersion }),
    ...(powerLimitW === undefined ? {} : { powerLimitW }),
  }
}

function within<T>(measuring: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    const late = () => reject(new Error(`Measuring ${what} took longer than ${TIMEOUT_MS / 1000} s.`))
    timer = setTimeout(late, TIMEOUT_MS)
  })
  return Promise.race([measuring, timeout]).finally(() => clearTimeout(timer))
}
