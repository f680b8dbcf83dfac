import type { GpuSample } from '../metrics/readGpuGauges.ts'

/** What an order's GPUs draw and do now, and what they drew since its training began, as nvidia-smi says. */
export type Usage = {
  gpus: number
  /** All of them together; null if one does not tell. */
  watts: number | null
  /** Watts times time, summed up; null if it was never told. An estimate: power is asked for every few seconds. */
  energyJ: number | null
  /** Mean over them, 0 to 1; null if none tells. */
  utilisation: number | null
  memoryUsedMiB: number | null
}

/** Adds a reading of the order's own GPUs, `uuids`, to what was used before. undefined if none of them answered. */
export function addUsage(
  samples: readonly GpuSample[],
  uuids: readonly string[],
  before: { energyJ: number | null; secondsAgo: number },
): Usage | undefined {
  const own = samples.filter(({ uuid }) => uuids.includes(uuid))
  if (own.length === 0) return undefined
  const all = (gauge: string) => own.flatMap(({ values }) => values.get(gauge) ?? [])
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const watts = all('DCGM_FI_DEV_POWER_USAGE')
  const shares = all('DCGM_FI_DEV_GPU_UTIL')
  const memory = all('DCGM_FI_DEV_FB_USED')
  const power = watts.length === own.length ? sum(watts) : null
  return {
    gpus: own.length,
    watts: power,
    energyJ: power === null ? before.energyJ : (before.energyJ ?? 0) + power * before.secondsAgo,
    utilisation: shares.length > 0 ? sum(shares) / shares.length / 100 : null,
    memoryUsedMiB: memory.length > 0 ? sum(memory) : null,
  }
}
