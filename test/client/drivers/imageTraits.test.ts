import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import type Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { createDockerDriver } from '../../../client/src/drivers/docker/createDockerDriver.ts'
import { docker, dockerMissing, dockerTest, removeContainers } from '../../helpers/docker.ts'
import { openFolder, runOf } from '../../helpers/driverRun.ts'
import { makeStandInImage, removeImage } from '../../helpers/standInImage.ts'

const scope = `test-${randomUUID().slice(0, 8)}`
const folder = openFolder('traits')
const made: string[] = []
let base = ''

beforeAll(async () => {
  if (!dockerMissing) base = await makeStandInImage()
})

afterAll(async () => {
  await removeContainers(scope)
  for (const id of made) await removeImage(id)
  if (base !== '') await removeImage(base)
  rmSync(folder, { recursive: true, force: true })
})

/** Starts a run of an image that was committed with these settings. */
async function startWith(settings: Docker.ContainerCreateOptions): Promise<void> {
  const container = await docker.createContainer({ ...settings, Image: base })
  const { Id } = await container.commit()
  made.push(Id)
  await container.remove({ force: true, v: true })
  const driver = createDockerDriver({ docker, imageId: base, scope })
  const name = `run-${made.length}`
  const run = { ...runOf(folder, name, { do: 'print' }), image: Id }
  try {
    await driver.start(run)
    expect(await driver.wait(name, AbortSignal.timeout(20_000))).toMatchObject({ exitCode: 0 })
  } finally {
    await driver.remove(name)
  }
}

const volumes = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`/v${i}`, {}]))

describe('an image', () => {
  dockerTest('default: one that asks for nothing odd runs, instead of the canonical one', async () => {
    await startWith({ Env: ['A=b'], WorkingDir: '/tmp', Volumes: volumes(8) })
  })

  dockerTest('error: a working directory that leads out of the container', async () => {
    for (const WorkingDir of ['/proc/self/fd/8', '/tmp/../proc/self/fd/8', '//proc/1/root', '/dev/fd/8']) {
      await expect(startWith({ WorkingDir })).rejects.toThrow(/starts in \/(proc|dev)/)
    }
  })

  dockerTest('error: more volumes than anybody needs', async () => {
    await expect(startWith({ Volumes: volumes(9) })).rejects.toThrow(/more than 8 volumes/)
  })

  dockerTest('error: a volume over what the job is given', async () => {
    for (const path of ['/job/out', '/job', '/tmp/../job/data']) {
      await expect(startWith({ Volumes: { [path]: {} } })).rejects.toThrow(/declares the volume/)
    }
  })
})
