import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { createDockerDriver } from '../../../client/src/drivers/docker/createDockerDriver.ts'
import { docker, dockerMissing, dockerTest, removeContainers } from '../../helpers/docker.ts'
import { openFolder, runOf } from '../../helpers/driverRun.ts'
import { makeStandInImage, removeImage } from '../../helpers/standInImage.ts'
import { startClient } from '../rig/startClient.ts'
import { type Rig, startRig } from '../rig/startRig.ts'

const folder = openFolder('lost')
let rig: Rig
let imageId = ''
let scope = 'none'

beforeAll(async () => {
  if (dockerMissing) return
  rig = await startRig()
  imageId = await makeStandInImage()
})

afterAll(async () => {
  await removeContainers(scope)
  if (imageId !== '') await removeImage(imageId)
  await rig?.stop()
  rmSync(folder, { recursive: true, force: true })
})

dockerTest(
  'behavior: a daemon whose data directory was deleted does not take the old runs for its own',
  async () => {
    const { config } = await rig.seller('lost', { driver: 'docker' })
    const dataDir = resolve(join(dirname(config), 'data'))
    scope = createHash('sha256').update(dataDir).digest('hex').slice(0, 12)
    const earlier = createDockerDriver({ docker, imageId, scope })
    await earlier.start(runOf(folder, 'from-before', { do: 'wait' }))
    const daemon = await startClient(config)
    expect(await earlier.list()).toEqual([])
    expect(daemon.log.find(({ msg }) => msg?.includes('nothing is known about'))).toMatchObject({
      removed: ['from-before'],
    })
    await daemon.terminate()
  },
  120_000,
)
