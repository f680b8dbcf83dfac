import { randomUUID } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, expect } from 'vitest'
import { createDockerDriver } from '../../../client/src/drivers/docker/createDockerDriver.ts'
import type { Driver, RunSpec } from '../../../client/src/drivers/driver.ts'
import { createProcessDriver } from '../../../client/src/drivers/process/createProcessDriver.ts'
import { buildCanonicalImage } from '../../../client/src/images/canonicalImage.ts'
import { linesUntil } from '../../helpers/collectLines.ts'
import { docker, dockerTest, removeContainers } from '../../helpers/docker.ts'
import { MEBIBYTE, nodePath, openFolder } from '../../helpers/driverRun.ts'

const STEPS = 64
const scope = `test-${randomUUID().slice(0, 8)}`
const folder = openFolder('same')
const trainerDir = resolve('verifier/src/canonical')
const stateDir = join(folder, 'state')

afterAll(async () => {
  await removeContainers(scope)
  rmSync(folder, { recursive: true, force: true })
})

const job = {
  version: 1,
  name: 'digits',
  environment: { profile: 'canonical', trainerHash: `0x${'00'.repeat(32)}` },
  model: { kind: 'mlp', layers: [256, 16, 10] },
  data: { train: { cid: 'bafy' }, heldOut: { cid: 'bafy' } },
  seed: `0x${'11'.repeat(32)}`,
  hyperparameters: { batchSize: 16, learningRate: 0.05, momentum: 0.9 },
  steps: STEPS,
  stepsPerSegment: 16,
  segmentsPerWindow: 2,
  proof: { mode: 'bitwise', draws: 2 },
  access: 'public',
}

function jobRun(name: string, fromStep: number): RunSpec {
  const jobDir = join(folder, `${name}-${fromStep}`)
  mkdirSync(join(jobDir, 'in/windows'), { recursive: true })
  for (const window of [0, 1]) {
    writeFileSync(join(jobDir, `in/windows/${window}.json`), JSON.stringify({ seed: `0x${'22'.repeat(32)}` }))
  }
  cpSync('yard/samples/digits', join(jobDir, 'data'), { recursive: true })
  writeFileSync(join(jobDir, 'spec.json'), JSON.stringify(job))
  const limits = { cpus: 1, memoryBytes: 512 * MEBIBYTE, diskBytes: 512 * MEBIBYTE, pids: 64 }
  return { orderId: '1', runId: `${name}-${fromStep}`, jobDir, fromStep, toStep: STEPS, limits }
}

async function train(driver: Driver, run: RunSpec): Promise<Map<string, string>> {
  await driver.start(run)
  const state = await driver.wait(run.runId, AbortSignal.timeout(60_000))
  const said = (await linesUntil(driver, run.runId, 'no such text')).map(({ line }) => line).join('\n')
  expect(state, said).toEqual({ kind: 'exited', exitCode: 0, oomKilled: false })
  await driver.remove(run.runId)
  const files = readdirSync(join(run.jobDir, 'out'), { recursive: true, withFileTypes: true }).filter((f) =>
    f.isFile(),
  )
  return new Map(
    files.map((f) => [
      join(f.parentPath, f.name).slice(run.jobDir.length),
      digestOf(join(f.parentPath, f.name)),
    ]),
  )
}

const digestOf = (path: string) => readFileSync(path).toString('base64')

dockerTest(
  'default: both drivers train the same job to the same bytes, also when resumed on the other',
  async () => {
    const { imageId } = await buildCanonicalImage({ docker, nodePath, trainerDir })
    const container = createDockerDriver({ docker, imageId, scope })
    const process = createProcessDriver({ nodePath, trainerDir, stateDir })
    const first = await train(container, jobRun('docker', 0))
    const second = await train(process, jobRun('process', 0))
    expect([...first.keys()].sort()).toContain('/out/checkpoints/64/state.safetensors')
    expect([...first.keys()].sort()).toContain('/out/result/model.safetensors')
    expect(second).toEqual(first)

    const resumed = jobRun('process', 32)
    cpSync(join(folder, 'docker-0/out/checkpoints/32'), join(resumed.jobDir, 'in/checkpoint'), {
      recursive: true,
    })
    const rest = await train(process, resumed)
    const last = '/out/checkpoints/64/state.safetensors'
    expect(rest.get(last)).toBe(first.get(last))
  },
)
