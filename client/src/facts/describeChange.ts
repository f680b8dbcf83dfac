import type { GpuFacts, MachineFacts } from './machineFacts.ts'

const GIB = 1024 ** 3
/** Kernels differ by some megabytes in what they keep for themselves; file systems are resized a little. */
const MEMORY_TOLERANCE = 0.02
const DISK_TOLERANCE = 0.1

/**
 * In what this machine differs from what it was registered as, a sentence each; none if it is the same machine
 * to a buyer. What comes with an update of the system (kernel, release) does not count; the GPU driver does,
 * since it changes which bits a GPU computes.
 */
export function describeChange(before: MachineFacts, after: MachineFacts): string[] {
  return [...changesOfHost(before, after), ...changesOfGpus(before.gpus, after.gpus)]
}

function changesOfHost(before: MachineFacts, after: MachineFacts): string[] {
  const changes: string[] = []
  const cpu = ({ cpu }: MachineFacts) => `${cpu.manufacturer} ${cpu.brand} with ${cpu.cores} cores`
  if (cpu(before) !== cpu(after)) changes.push(`The processor was ${cpu(before)} and is ${cpu(after)}.`)
  if (differ(before.memoryBytes, after.memoryBytes, MEMORY_TOLERANCE)) {
    changes.push(`The memory was ${gib(before.memoryBytes)} and is ${gib(after.memoryBytes)}.`)
  }
  if (differ(before.diskBytes, after.diskBytes, DISK_TOLERANCE)) {
    changes.push(`The disk was ${gib(before.diskBytes)} and is ${gib(after.diskBytes)}.`)
  }
  if (before.os.arch !== after.os.arch || before.os.platform !== after.os.platform) {
    changes.push('The operating system is another one.')
  }
  if (before.region !== after.region) {
    changes.push(`The region was ${before.region ?? 'not said'} and is ${after.region ?? 'not said'}.`)
  }
  return changes
}

function changesOfGpus(before: readonly GpuFacts[], after: readonly GpuFacts[]): string[] {
  const gone = before.filter(({ uuid }) => !after.some((gpu) => gpu.uuid === uuid))
  const changed = after.flatMap((gpu) => {
    const former = before.find(({ uuid }) => uuid === gpu.uuid)
    if (!former) return [`${gpu.model} (${gpu.uuid}) is new.`]
    const was = `${former.memoryBytes} ${former.driverVersion} ${former.cudaVersion}`
    const is = `${gpu.memoryBytes} ${gpu.driverVersion} ${gpu.cudaVersion}`
    if (was === is) return []
    return [`${gpu.model} (${gpu.uuid}) had driver ${former.driverVersion} and has ${gpu.driverVersion}.`]
  })
  return [...gone.map(({ model, uuid }) => `${model} (${uuid}) is gone.`), ...changed]
}

function differ(before: number, after: number, tolerance: number): boolean {
  return Math.abs(after - before) > tolerance * Math.max(before, after)
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`
}
