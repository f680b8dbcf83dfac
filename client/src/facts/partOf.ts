import type { MachineReading } from './readMachineFacts.ts'

/**
 * What a machine that is a part of the host has of what was measured on it: its share, and the GPUs that are named,
 * or all of them; and where its seller says it is.
 */
export function partOf(
  { facts, gpuProblem }: MachineReading,
  part: { share: number; gpus?: readonly string[] | undefined; region?: string | undefined },
): MachineReading {
  const { share, gpus: wanted, region } = part
  const gpus = facts.gpus.filter(({ uuid }) => wanted?.includes(uuid) ?? true)
  const missing = wanted?.find((uuid) => !gpus.some((gpu) => gpu.uuid === uuid))
  const problem = gpuProblem ?? (missing === undefined ? undefined : `${missing} is not in this machine`)
  const of = (count: number) => Math.max(1, Math.floor(count * share))
  const { cores, physicalCores } = facts.cpu
  return {
    facts: {
      ...facts,
      region: region ?? null,
      cpu: { ...facts.cpu, cores: of(cores), physicalCores: of(physicalCores) },
      memoryBytes: Math.floor(facts.memoryBytes * share),
      diskBytes: Math.floor(facts.diskBytes * share),
      gpus,
    },
    // A machine that is to have no GPU misses none.
    ...(problem === undefined || wanted?.length === 0 ? {} : { gpuProblem: problem }),
  }
}
