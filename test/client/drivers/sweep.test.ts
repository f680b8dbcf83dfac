import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { createDockerDriver } from '../../../client/src/drivers/docker/createDockerDriver.ts'
import { roomsMissing } from '../../../client/src/drivers/docker/rooms.ts'
import type { Driver } from '../../../client/src/drivers/driver.ts'
import { linesUntil } from '../../helpers/collectLines.ts'
import { docker, dockerMissing, dockerTest, removeContainers, testUnless } from '../../helpers/docker.ts'
import { openFolder, runOf } from '../../helpers/driverRun.ts'
import { makeStandInImage, removeImage } from '../../helpers/standInImage.ts'

const scope = `test-${randomUUID().slice(0, 8)}`
const folder = openFolder('sweep')
const stateDir = join(folder, 'state')
const EGRESS = ['files.example.com:443']
let imageId = ''
let driver: Driver

const makeDriver = () => createDockerDriver({ docker, imageId, scope, stateDir, useRooms: true })
const containers = async () => {
  const found = await docker.listContainers({ all: true, filters: { label: [`trainyard.scope=${scope}`] } })
  return found.flatMap(({ Names }) => Names.map((name) => name.replace(scope, '').slice(1))).sort()
}
const roomsOf = () => readdirSync(join(stateDir, 'rooms'))
const proxiesOf = () => readdirSync(join(stateDir, 'egress'))

beforeAll(async () => {
  if (dockerMissing) return
  imageId = await makeStandInImage()
  driver = makeDriver()
})

afterAll(async () => {
  await driver?.sweep(() => false, 0)
  await removeContainers(scope)
  if (imageId !== '') await removeImage(imageId)
  rmSync(folder, { recursive: true, force: true })
})

const noRooms = dockerMissing ?? (await roomsMissing())
const sweepTest = (what: string, body: () => Promise<void>) => testUnless(noRooms, what, body)

describe('sweep', () => {
  sweepTest('default: what belongs to no open order goes, the rest stays and runs on', async () => {
    await driver.start({ ...runOf(folder, 'open', { do: 'wait' }), orderId: '1', egress: EGRESS })
    await driver.start({ ...runOf(folder, 'ghost', { do: 'wait' }), orderId: '2', egress: EGRESS })
    expect(await containers()).toHaveLength(4)
    const volumes = (await docker.listVolumes()).Volumes.length
    const networks = (await docker.listNetworks()).length
    const removed = await makeDriver().sweep((orderId) => orderId === '1', 0)
    expect(removed).toEqual(['ghost'])
    expect(await containers()).toEqual(['trainyard--open', 'trainyard-gateway.-open'])
    expect(await driver.inspect('open')).toEqual({ kind: 'running' })
    expect([roomsOf(), proxiesOf()]).toEqual([['open.ext4'], ['open']])
    expect((await docker.listVolumes()).Volumes.length).toBe(volumes)
    expect((await docker.listNetworks()).length).toBe(networks)
  })

  sweepTest('behavior: what is younger than asked stays', async () => {
    expect(await driver.sweep(() => false, 3_600_000)).toEqual([])
    expect(await driver.inspect('open')).toEqual({ kind: 'running' })
  })

  sweepTest('behavior: a gateway, a proxy and a room whose run is gone go with it', async () => {
    await docker.getContainer(`trainyard-${scope}-open`).remove({ force: true })
    mkdirSync(join(stateDir, 'egress', 'never-started'))
    expect(await driver.sweep(() => true, 3_600_000)).toEqual([])
    expect(await containers()).toEqual([])
    expect([roomsOf(), proxiesOf()]).toEqual([[], []])
  })

  sweepTest('behavior: a run that is being started is left alone', async () => {
    const run = { ...runOf(folder, 'starting', { do: 'wait' }), orderId: '3', egress: EGRESS }
    const starting = driver.start(run)
    for (let i = 0; i < 5; i++) await driver.sweep(() => false, 0)
    await starting
    await linesUntil(driver, 'starting', 'waiting')
    expect(await driver.inspect('starting')).toEqual({ kind: 'running' })
    await driver.remove('starting')
  })

  dockerTest("behavior: another daemon's runs are none of its business", async () => {
    await driver.start(runOf(folder, 'mine', { do: 'print' }))
    const other = createDockerDriver({ docker, imageId, scope: `${scope}-other` })
    expect(await other.sweep(() => false, 0)).toEqual([])
    expect(await driver.list()).toContain('mine')
    await driver.remove('mine')
  })
})
