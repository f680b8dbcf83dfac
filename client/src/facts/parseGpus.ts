import { z } from 'zod'

/** One GPU as nvidia-smi describes it. Limits and draw in watts. */
export type Gpu = {
  busId: string
  model: string
  uuid: string
  memoryBytes: number
  driverVersion: string
  cudaVersion?: string
  /** What the card allows. */
  powerLimits?: { minW?: number; maxW?: number; defaultW?: number }
  /** What it is set to. */
  powerLimitW?: number
  powerDrawW?: number
  temperatureC?: number
}

const MIB = 1024 * 1024
const record = z.record(z.string(), z.unknown())
/** An element that may have children, or be a sentence such as "N/A" or "GPU is lost". */
const section = z.union([record, z.string()]).optional()

const gpuSchema = z.looseObject({
  $: z.looseObject({ id: z.string() }),
  product_name: z.string().min(1),
  uuid: z.string().min(1),
  fb_memory_usage: section,
  temperature: section,
  power_readings: section, // up to nvsmi_device_v11
  gpu_power_readings: section, // v12 on
})

const logSchema = z.looseObject({
  nvidia_smi_log: z.looseObject({
    driver_version: z.string().optional(),
    cuda_version: z.string().optional(),
    kmd_version: z.string().optional(), // what v13 calls the driver; driver_version is to go
    cuda_umd_version: z.string().optional(),
    gpu: z.union([gpuSchema, z.array(gpuSchema)]).optional(), // one GPU is no array
  }),
})

/** The GPUs that answer, in bus order, and the bus ids of those that are there but do not ("GPU is lost"). */
export type ParsedGpus = { gpus: Gpu[]; lost: string[] }

/** Brings what node-nvidia-smi returns, for one or many GPUs and drivers of several years, into one form. */
export function parseGpus(untrusted: unknown): ParsedGpus {
  const log = logSchema.parse(untrusted).nvidia_smi_log
  const found = log.gpu === undefined ? [] : Array.isArray(log.gpu) ? log.gpu : [log.gpu]
  found.sort((a, b) => (a.$.id < b.$.id ? -1 : 1))
  const versions = {
    driverVersion: log.kmd_version ?? log.driver_version ?? 'unknown',
    ...defined('cudaVersion', log.cuda_umd_version ?? log.cuda_version),
  }
  const gpus = found.flatMap((gpu) => {
    const parsed = parseGpu(gpu)
    return parsed ? [{ ...parsed, ...versions }] : []
  })
  const lost = found.filter((gpu) => !parseGpu(gpu)).map((gpu) => gpu.$.id)
  return { gpus, lost }
}

function parseGpu(gpu: z.infer<typeof gpuSchema>): Omit<Gpu, 'driverVersion'> | undefined {
  const totalMib = numberWithUnit(childrenOf(gpu.fb_memory_usage).total, 'MiB')
  if (totalMib === undefined || !/^(GPU|MIG)-/.test(gpu.uuid)) return undefined
  const power = childrenOf(gpu.gpu_power_readings ?? gpu.power_readings)
  // v13 has average_ and instant_, older ones power_draw.
  const draw = power.instant_power_draw ?? power.average_power_draw ?? power.power_draw
  const limits = {
    ...defined('minW', numberWithUnit(power.min_power_limit, 'W')),
    ...defined('maxW', numberWithUnit(power.max_power_limit, 'W')),
    ...defined('defaultW', numberWithUnit(power.default_power_limit, 'W')),
  }
  return {
    busId: gpu.$.id,
    model: gpu.product_name,
    uuid: gpu.uuid,
    memoryBytes: totalMib * MIB,
    ...defined('powerLimits', Object.keys(limits).length > 0 ? limits : undefined),
    ...defined('powerLimitW', numberWithUnit(power.current_power_limit ?? power.power_limit, 'W')),
    ...defined('powerDrawW', numberWithUnit(draw, 'W')),
    ...defined('temperatureC', numberWithUnit(childrenOf(gpu.temperature).gpu_temp, 'C')),
  }
}

function childrenOf(value: z.infer<typeof section>): Record<string, unknown> {
  return typeof value === 'object' ? value : {}
}

/** "81559 MiB" -> 81559; "N/A" and "Requested functionality has been deprecated" -> undefined. */
function numberWithUnit(value: unknown, unit: string): number | undefined {
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?) (\S+)$/.exec(value) : null
  return match && match[2] === unit ? Number(match[1]) : undefined
}

function defined<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V })
}
