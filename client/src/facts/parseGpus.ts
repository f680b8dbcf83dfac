import { z } from 'zod'

/** One GPU as nvidia-smi describes it. */
export type Gpu = {
  busId: string
  model: string
  uuid: string
  memoryBytes: number
  driverVersion: string
  cudaVersion?: string
  powerLimitW?: number
  powerDrawW?: number
  temperatureC?: number
}

const MIB = 1024 * 1024
const record = z.record(z.string(), z.unknown())

const gpuSchema = z.looseObject({
  $: z.looseObject({ id: z.string() }),
  product_name: z.string().min(1),
  uuid: z.string().min(1),
  fb_memory_usage: z.looseObject({ total: z.string() }),
  temperature: record.optional(),
  power_readings: record.optional(), // up to nvsmi_device_v11
  gpu_power_readings: record.optional(), // v12 on
})

const logSchema = z.looseObject({
  nvidia_smi_log: z.looseObject({
    driver_version: z.string(),
    cuda_version: z.string().optional(),
    gpu: z.union([gpuSchema, z.array(gpuSchema)]).optional(), // one GPU is no array
  }),
})

/** Brings what node-nvidia-smi returns, for one or many GPUs and drivers of several years, into one form. */
export function parseGpus(untrusted: unknown): Gpu[] {
  const log = logSchema.parse(untrusted).nvidia_smi_log
  const gpus = log.gpu === undefined ? [] : Array.isArray(log.gpu) ? log.gpu : [log.gpu]
  return gpus.map((gpu) => {
    const power = gpu.gpu_power_readings ?? gpu.power_readings ?? {}
    // v13 has average_ and instant_, older ones power_draw.
    const draw = power.instant_power_draw ?? power.average_power_draw ?? power.power_draw
    return {
      busId: gpu.$.id,
      model: gpu.product_name,
      uuid: gpu.uuid,
      memoryBytes: (numberWithUnit(gpu.fb_memory_usage.total, 'MiB') ?? 0) * MIB,
      driverVersion: log.driver_version,
      ...defined('cudaVersion', log.cuda_version),
      ...defined('powerLimitW', numberWithUnit(power.current_power_limit ?? power.power_limit, 'W')),
      ...defined('powerDrawW', numberWithUnit(draw, 'W')),
      ...defined('temperatureC', numberWithUnit(gpu.temperature?.gpu_temp, 'C')),
    }
  })
}

/** "81559 MiB" -> 81559; "N/A" and "Requested functionality has been deprecated" -> undefined. */
function numberWithUnit(value: unknown, unit: string): number | undefined {
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?) (\S+)$/.exec(value) : null
  return match && match[2] === unit ? Number(match[1]) : undefined
}

function defined<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V })
}
