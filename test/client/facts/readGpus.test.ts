import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type GpuReading, readGpus } from '../../../client/src/facts/readGpus.ts'
import { until } from '../rig/until.ts'
import { type FakeGpu, fakeNvidiaSmi, type Mode, POWER, smiXml } from './fakeNvidiaSmi.ts'

const h100 = (n: number, power = POWER.v13): FakeGpu => ({
  bus: `00000000:0${n}:00.0`,
  model: 'NVIDIA H100 80GB HBM3',
  uuid: `GPU-0000000${n}-aaaa-bbbb-cccc-000000000000`,
  totalMiB: 81559,
  power,
})

async function ask(mode: Mode, gpus: readonly FakeGpu[]): Promise<GpuReading & { dir: string }> {
  const dir = await fakeNvidiaSmi(mode, smiXml(gpus))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return { ...(await readGpus(`${dir}:/usr/bin:/bin`)), dir }
}

test('default: one GPU is a list of one', async () => {
  const { gpus, problem } = await ask('ok', [h100(1)])
  expect(problem).toBeUndefined()
  expect(gpus).toEqual([
    {
      busId: '00000000:01:00.0',
      model: 'NVIDIA H100 80GB HBM3',
      uuid: 'GPU-00000001-aaaa-bbbb-cccc-000000000000',
      memoryBytes: 81559 * 1024 * 1024,
      driverVersion: '580.65.06',
      cudaVersion: '13.0',
      powerLimitW: 700,
      powerDrawW: 68.92,
      temperatureC: 29,
    },
  ])
})

test('default: what one real H200 under driver 580 says of itself', async () => {
  const xml = await readFile(
    join(import.meta.dirname, '../../fixtures/nvidia-smi/h200-driver-580.xml'),
    'utf8',
  )
  const dir = await fakeNvidiaSmi('ok', xml)
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const { gpus, problem } = await readGpus(`${dir}:/usr/bin:/bin`)
  expect(problem).toBeUndefined()
  expect(gpus).toEqual([
    {
      busId: '00000000:00:06.0',
      model: 'NVIDIA H200',
      uuid: 'GPU-00000000-0000-4000-8000-000000000200',
      memoryBytes: 143771 * 1024 * 1024,
      driverVersion: '580.159.04',
      cudaVersion: '13.0',
      powerLimits: { minW: 200, maxW: 700, defaultW: 700 },
      powerLimitW: 700,
      powerDrawW: expect.closeTo(80, -2),
      temperatureC: expect.any(Number),
    },
  ])
})

test('behavior: drivers of three generations name power differently, and may not know it', async () => {
  const { gpus } = await ask('ok', [h100(1, POWER.v11), h100(2, POWER.v12), h100(3), h100(4, POWER.none)])
  expect(gpus.map(({ powerDrawW }) => powerDrawW)).toEqual([54.1, 61.2, 68.92, undefined])
  expect(gpus.map(({ powerLimitW }) => powerLimitW)).toEqual([250, 300, 700, undefined])
})

test('behavior: several unlike GPUs come in bus order, and one that is lost is told', async () => {
  const xml = await readFile(
    join(import.meta.dirname, '../../fixtures/nvidia-smi/four-gpus-one-lost.xml'),
    'utf8',
  )
  const dir = await fakeNvidiaSmi('ok', xml)
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const { gpus, problem } = await readGpus(`${dir}:/usr/bin:/bin`)
  expect(
    gpus.map(({ busId, model, powerLimits, powerLimitW }) => ({ busId, model, powerLimits, powerLimitW })),
  ).toEqual([
    {
      busId: '00000000:19:00.0',
      model: 'NVIDIA H100 80GB HBM3',
      powerLimits: { minW: 200, maxW: 700, defaultW: 700 },
      powerLimitW: 650,
    },
    {
      busId: '00000000:1A:00.0',
      model: 'NVIDIA H100 80GB HBM3',
      powerLimits: { minW: 200, maxW: 700, defaultW: 700 },
      powerLimitW: 700,
    },
    {
      busId: '00000000:2B:00.0',
      model: 'NVIDIA L40S',
      powerLimits: { minW: 100, maxW: 350, defaultW: 350 },
      powerLimitW: 300,
    },
  ])
  expect(problem).toBe('no answer from the GPU at 00000000:5D:00.0.')
})

test('behavior: a driver that has no driver_version any more', async () => {
  const xml = smiXml([h100(1)])
    .replace(/<driver_version>.*<\/driver_version>/, '<kmd_version>610.10</kmd_version>')
    .replace(/<cuda_version>.*<\/cuda_version>/, '<cuda_umd_version>14.0</cuda_umd_version>')
  const dir = await fakeNvidiaSmi('ok', xml)
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const { gpus } = await readGpus(`${dir}:/usr/bin:/bin`)
  expect(gpus).toMatchObject([{ driverVersion: '610.10', cudaVersion: '14.0' }])
})

test('behavior: more output than a child process may write by default', async () => {
  const padding = `<!-- ${'x'.repeat(200_000)} -->`
  const { gpus } = await ask(
    'ok',
    Array.from({ length: 8 }, (_, i) => ({ ...h100(i), power: padding })),
  )
  expect(gpus).toHaveLength(8)
})

test('behavior: a warning on stderr is no failure', async () => {
  const { gpus, problem } = await ask('warn', [h100(1)])
  expect(problem).toBeUndefined()
  expect(gpus).toHaveLength(1)
})

test('behavior: no GPU, no nvidia-smi', async () => {
  expect(await readGpus('/nowhere')).toEqual({ gpus: [] })
  expect((await ask('ok', [])).gpus).toEqual([])
})

test('error: a driver that does not answer is told in its own words', async () => {
  const { gpus, problem } = await ask('nodriver', [])
  expect(gpus).toEqual([])
  expect(problem).toContain("couldn't communicate with the NVIDIA driver")
})

test('error: a driver that hangs is given up, and nothing of it is left', async () => {
  const { gpus, problem, dir } = await ask('hang', [])
  expect(gpus).toEqual([])
  expect(problem).toBeTruthy()
  const pid = Number(await readFile(join(dir, 'pid'), 'utf8'))
  await until(async () => ((await isRunning(pid)) ? undefined : true), 5_000)
})

test('error: XML that tries to change prototypes changes none', async () => {
  const { gpus } = await ask('ok', [{ ...h100(1), power: '<__proto__><polluted>1</polluted></__proto__>' }])
  expect(gpus).toHaveLength(1)
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
})

/** A killed process may stay a zombie until whoever inherited it looks. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined)
  return stat !== undefined && !/\) [ZX] /.test(stat)
}
