import { cpu, fsSize, mem, networkInterfaces, osInfo } from 'systeminformation'
import type { GpuFacts, MachineFacts } from './machineFacts.ts'
import type { Gpu } from './parseGpus.ts'
import { readGpus } from './readGpus.ts'

const TIMEOUT_MS = 10_000

/** @property gpuProblem in words, if the GPUs could not all be read: what facts.gpus says may be too little */
export type MachineReading = { facts: MachineFacts; gpuProblem?: string }

/**
 * Measures this machine. GPUs come from nvidia-smi, everything else from systeminformation, whose own GPU
 * list needs lspci and has no UUIDs.
 * @param dataDir the disk whose size counts
 */
export async function readMachineFacts(args: {
  dataDir: string
  searchPath: string
}): Promise<MachineReading> {
  const [processor, memory, diskBytes, network, system, gpus] = await Promise.all([
    within(cpu(), 'the processor'),
    within(mem(), 'the memory'),
    readDiskBytes(args.dataDir),
    readNetwork(),
    within(osInfo(), 'the operating system'),
    readGpus(args.searchPath),
  ])
  const { manufacturer, brand, cores, physicalCores } = processor
  const { platform, distro, release, kernel, arch } = system
  const facts: MachineFacts = {
    version: 2,
    cpu: { manufacturer, brand, cores, physicalCores },
    memoryBytes: memory.total,
    diskBytes,
    network,
    os: { platform, distro, release, kernel, arch },
    gpus: gpus.gpus.map(stableGpu),
  }
  return gpus.problem === undefined ? { facts } : { facts, gpuProblem: gpus.problem }
}

async function readDiskBytes(dataDir: string): Promise<number> {
  const disks = await within(fsSize(), 'the disks')
  const holds = (mount: string) => dataDir === mount || dataDir.startsWith(mount.replace(/\/*$/, '/'))
  const [disk] = disks
    .filter(({ mount }) => holds(mount))
    .sort((a, b) => b.mount.length - a.mount.length || (a.mount < b.mount ? -1 : 1))
  return disk?.size ?? 0
}

/** The speed of a wired link stays; a radio link's changes by the minute, and a virtual one's means nothing. */
async function readNetwork(): Promise<MachineFacts['network']> {
  const found = await within(networkInterfaces(), 'the network')
  const main = (Array.isArray(found) ? found : [found]).find((link) => link.default)
  const isWired = main?.type === 'wired' && !main.virtual
  return { linkMbps: isWired && main.speed !== null && main.speed > 0 ? Math.floor(main.speed) : null }
}

function stableGpu({ model, uuid, memoryBytes, driverVersion, cudaVersion, powerLimits }: Gpu): GpuFacts {
  return {
    model,
    uuid,
    memoryBytes,
    driverVersion,
    cudaVersion: cudaVersion ?? null,
    ...(powerLimits === undefined ? {} : { powerLimits }),
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
