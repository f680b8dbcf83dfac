import { describe, expect, it } from 'vitest'
import { addUsage } from '../../../client/src/engine/addUsage.ts'
import { followUsage } from '../../../client/src/engine/followUsage.ts'
import type { GpuSample } from '../../../client/src/metrics/readGpuGauges.ts'

const sample = (uuid: string, values: Record<string, number>): GpuSample => ({
  gpu: '0',
  uuid,
  model: 'test',
  values: new Map(Object.entries(values)),
})
const a = sample('GPU-a', {
  DCGM_FI_DEV_POWER_USAGE: 200,
  DCGM_FI_DEV_GPU_UTIL: 90,
  DCGM_FI_DEV_FB_USED: 1024,
})
const b = sample('GPU-b', { DCGM_FI_DEV_POWER_USAGE: 100, DCGM_FI_DEV_GPU_UTIL: 70 })
const silent = sample('GPU-c', {})

describe('addUsage', () => {
  it("default: sums the order's own GPUs and counts their energy on", () => {
    expect(addUsage([a, b, silent], ['GPU-a', 'GPU-b'], { energyJ: 50, secondsAgo: 10 })).toEqual({
      gpus: 2,
      watts: 300,
      energyJ: 3_050,
      utilisation: 0.8,
      memoryUsedMiB: 1024,
    })
  })

  it('error: what a GPU does not tell is not made up', () => {
    expect(addUsage([silent], ['GPU-c'], { energyJ: null, secondsAgo: 10 })).toEqual({
      gpus: 1,
      watts: null,
      energyJ: null,
      utilisation: null,
      memoryUsedMiB: null,
    })
    expect(addUsage([a, silent], ['GPU-a', 'GPU-c'], { energyJ: 7, secondsAgo: 10 })).toMatchObject({
      watts: null,
      energyJ: 7,
    })
    expect(addUsage([a], ['GPU-z'], { energyJ: 7, secondsAgo: 10 })).toBeUndefined()
  })
})

describe('followUsage', () => {
  const follow = async (version: number) => {
    const stop = new AbortController()
    const told: unknown[] = []
    const order = {
      gpus: ['GPU-a'],
      readGpus: async () => [a],
      anyJob: async () => ({ version }),
      events: {
        last: () => ({ id: 1, event: 'usage', data: '{"energyJ":1000}' }),
        emit: (event: string, data: unknown) => {
          told.push([event, data])
          stop.abort()
        },
      },
    }
    await followUsage(order as unknown as Parameters<typeof followUsage>[0], stop.signal, 5)
    return told as [string, { energyJ: number }][]
  }

  it('default: goes on from what was told before', async () => {
    const [[event, usage]] = (await follow(2)) as [[string, { energyJ: number }]]
    expect(event).toBe('usage')
    expect(usage.energyJ).toBeGreaterThan(1_000)
  })

  it('behavior: a job that gets no GPU has none to tell of', async () => {
    expect(await follow(1)).toEqual([])
  })
})
