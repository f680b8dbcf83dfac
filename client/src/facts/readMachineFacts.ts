import { join } from 'node:path'
import { z } from 'zod'
import type { GpuFacts, MachineFacts } from './machineFacts.ts'
import type { Gpu } from './parseGpus.ts'
import { readGpus } from './readGpus.ts'
import { runProbe } from './runProbe.ts'

const probe = {
  script: join(import.meta.dirname, 'hostProbe.ts'),
  what: 'Measuring the machine',
  timeoutMs: 20_000,
  maxBytes: 4 * 1024 * 1024,
}
/** systeminformation asks df, ip and others of the system's own tools. */
const TOOLS = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin'

const text = z.string()
const hostSchema = z.object({
  processor: z.object({ manufacturer: text, brand: text, cores: z.int(), physicalCores: z.int() }),
  memory: z.object({ total: z.int() }),
  disks: z.array(z.object({ mount: text, size: z.int() })),
  links: z.array(
    z.object({
      default: z.boolean().optional(),
      type: text.optional(),
      virtual: z.boolean().optional(),
      speed: z.number().nullish(),
    }),
  ),
  system: z.object({ platform: text, distro: text, release: text, kernel: text, arch: text }),
})
type Host = z.infer<typeof hostSchema>

/** @property gpuProblem in words, if the GPUs could not all be read: what facts.gpus says may be too little */
export type MachineReading = { facts: MachineFacts; gpuProblem?: string }

/**
 * Measures this machine; its region is for partOf to say. GPUs come from nvidia-smi, everything else from systeminformation, whose own GPU
 * list needs lspci and has no UUIDs.
 * @param dataDir the disk whose size counts
 */
export async function readMachineFacts(args: {
  dataDir: string
  searchPath: string
}): Promise<MachineReading> {
  const [host, gpus] = await Promise.all([runProbe(probe, TOOLS), readGpus(args.searchPath)])
  const { processor, memory, disks, links, system } = hostSchema.parse(JSON.parse(host))
  const { manufacturer, brand, cores, physicalCores } = processor
  const { platform, distro, release, kernel, arch } = system
  const facts: MachineFacts = {
    version: 3,
    region: null,
    cpu: { manufacturer, brand, cores, physicalCores },
    memoryBytes: memory.total,
    diskBytes: diskBytesOf(disks, args.dataDir),
    network: networkOf(links),
    os: { platform, distro, release, kernel, arch },
    gpus: gpus.gpus.map(stableGpu),
  }
  return gpus.problem === undefined ? { facts } : { facts, gpuProblem: gpus.problem }
}

function diskBytesOf(disks: Host['disks'], dataDir: string): number {
  const holds = (mount: string) => dataDir === mount || dataDir.startsWith(mount.replace(/\/*$/, '/'))
  const [disk] = disks
    .filter(({ mount }) => holds(mount))
    .sort((a, b) => b.mount.length - a.mount.length || (a.mount < b.mount ? -1 : 1))
  return disk?.size ?? 0
}

/** The speed of a wired link stays; a radio link's changes by the minute, and a virtual one's means nothing. */
function networkOf(links: Host['links']): MachineFacts['network'] {
  const main = links.find((link) => link.default)
  const isWired = main?.type === 'wired' && !main.virtual
  const speed = main?.speed ?? 0
  return { linkMbps: isWired && speed > 0 ? Math.floor(speed) : null }
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
