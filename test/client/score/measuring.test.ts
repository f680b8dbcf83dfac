import { randomUUID } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { id } from 'ethers'
import { afterAll, expect, test } from 'vitest'
import { createDockerDriver } from '../../../client/src/drivers/docker/createDockerDriver.ts'
import type { Driver } from '../../../client/src/drivers/driver.ts'
import { createProcessDriver } from '../../../client/src/drivers/process/createProcessDriver.ts'
import { buildCanonicalImage } from '../../../client/src/images/canonicalImage.ts'
import { createMeasuring } from '../../../client/src/score/measuring.ts'
import { maxEvidenceBytes, readEvidence } from '../../../verifier/src/benchmark/evidence.ts'
import { judgeBenchmark } from '../../../verifier/src/benchmark/judgeBenchmark.ts'
import { machineSeed, samplesOf } from '../../../verifier/src/benchmark/samplesOf.ts'
import { fromHex } from '../../../verifier/src/hash/hex.ts'
import { docker, dockerTest, removeContainers } from '../../helpers/docker.ts'
import { MEBIBYTE, nodePath, openFolder } from '../../helpers/driverRun.ts'

const scope = `test-${randomUUID().slice(0, 8)}`
const folder = openFolder('measuring')
const programs = {
  nodePath,
  trainerDir: resolve('verifier/src/canonical'),
  benchmarkDir: resolve('verifier/src/benchmark/program'),
}
const limits = { cpus: 1, memoryBytes: 1024 * MEBIBYTE, diskBytes: 1024 * MEBIBYTE, pids: 64 }
const seed = machineSeed(id('round'), 3n)

afterAll(async () => {
  await removeContainers(scope)
  rmSync(folder, { recursive: true, force: true })
})

function measuringWith(driver: Driver, name: string) {
  return createMeasuring({ driver, limits, prefix: `ty-${name}-`, dir: join(folder, name) })
}

async function dockerDriver(): Promise<Driver> {
  const { imageId } = await buildCanonicalImage({ docker, ...programs })
  return createDockerDriver({ docker, imageId, scope, stateDir: join(folder, 'docker') })
}

const processDriver = () => createProcessDriver({ ...programs, stateDir: join(folder, 'runs') })

/** Measures for a second, opens what would be drawn, and judges it as an auditor does. */
async function measuresAndOpens(driver: Driver, name: string, whileItRuns: (runId: string) => Promise<void>) {
  const measuring = measuringWith(driver, name)
  const measured = await measuring.measure({ seed, milliseconds: 1_000 })
  if (!measured) throw new Error('it was dropped')
  const [runId] = (await driver.list()).filter((one) => one.startsWith(`ty-${name}-`))
  await whileItRuns(runId!)
  await measuring.drop() // an order that comes now finds nothing that multiplies: auditors get what was submitted
  const { size, products, memoryMiB, root } = measured
  const sampleSeed = id('samples')
  const samples = { samples: samplesOf(sampleSeed, products), precisions: [] }
  const bytes = await measuring.open(samples, maxEvidenceBytes(size, 0))
  const claim = { size, products, memoryMiB, root: fromHex(root), precisions: [] }
  const evidence = readEvidence(bytes!, size, 0)
  expect(judgeBenchmark(seed, claim, sampleSeed, evidence)).toBeUndefined()
  expect(judgeBenchmark(machineSeed(id('round'), 4n), claim, sampleSeed, evidence)).toMatch(/seed/)
  expect(measured.memoryMBPerSecond).toBeGreaterThan(0)
  expect(measured.diskMBPerSecond).toBeGreaterThan(0)
  expect((await driver.list()).filter((one) => one.startsWith(`ty-${name}-`))).toEqual([])
  expect(existsSync(join(folder, name))).toBe(false)
}

/** A benchmark of ten minutes, for which an order comes while it multiplies. */
async function dropsAtOnce(driver: Driver, name: string) {
  const measuring = measuringWith(driver, name)
  const measured = measuring.measure({ seed, milliseconds: 600_000 })
  const running = async () => (await driver.list()).filter((one) => one.startsWith(`ty-${name}-`))
  while ((await running()).length === 0) await delay(50)
  await measuring.drop()
  expect(await measured).toBeUndefined()
  expect(await running()).toEqual([])
  await measuring.stop()
}

dockerTest(
  'default: in a container of the canonical image, as confined as a job',
  async () => {
    await measuresAndOpens(await dockerDriver(), 'container', async (runId) => {
      const [found] = await docker.listContainers({ filters: { label: [`trainyard.run=${runId}`] } })
      const { HostConfig, Config } = await docker.getContainer(found!.Id).inspect()
      expect(HostConfig).toMatchObject({ NetworkMode: 'none', ReadonlyRootfs: true, CapDrop: ['ALL'] })
      expect(HostConfig.Memory).toBe(limits.memoryBytes)
      expect(Config.Entrypoint).toEqual(['/usr/local/bin/node', '/trainer/benchmark/main.ts'])
    })
  },
  120_000,
)

dockerTest(
  'behavior: an order ends a container that multiplies, at once',
  async () => {
    await dropsAtOnce(await dockerDriver(), 'ended')
  },
  120_000,
)

test('behavior: without containers, in a confined process', async () => {
  await measuresAndOpens(processDriver(), 'process', async () => undefined)
}, 120_000)

test('behavior: an order ends a process that multiplies, at once', async () => {
  await dropsAtOnce(processDriver(), 'dropped')
}, 120_000)

test('error: a program that fails is told with its last words, and another seed is no seed', async () => {
  const measuring = measuringWith(processDriver(), 'failing')
  await expect(measuring.measure({ seed: 7 as unknown as string, milliseconds: 1_000 })).rejects.toThrow(
    /ended without result.json.*Error/,
  )
  await measuring.stop()
}, 60_000)
