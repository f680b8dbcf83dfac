import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDockerDriver } from '../../../client/src/drivers/docker/createDockerDriver.ts'
import type { Driver } from '../../../client/src/drivers/driver.ts'
import { createProcessDriver } from '../../../client/src/drivers/process/createProcessDriver.ts'
import { docker, dockerMissing, dockerTest, removeContainers } from '../../helpers/docker.ts'
import { nodePath, openFolder, runOf, standIn } from '../../helpers/driverRun.ts'
import { makeStandInImage, removeImage } from '../../helpers/standInImage.ts'

const scope = `test-${randomUUID().slice(0, 8)}`
const folder = openFolder('egress')
const stateDir = join(folder, 'state')
const EGRESS = ['files.example.com:443']
const socketOf = (runId: string) => join(stateDir, 'egress', runId, 'proxy.sock')
let imageId = ''
let driver: Driver

const makeDriver = () => createDockerDriver({ docker, imageId, scope, stateDir })

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

/** What the proxy of a run answers to a target that is not in its list. */
async function askProxy(runId: string): Promise<string> {
  const socket = connect(socketOf(runId))
  socket.write('CONNECT other.example.com:443 HTTP/1.1\r\nhost: x\r\n\r\n')
  const [answer] = await once(socket, 'data')
  socket.destroy()
  return String(answer)
}

describe('a run with egress', () => {
  dockerTest('default: its environment says where the proxy is; without egress it says nothing', async () => {
    const run = { ...runOf(folder, 'told', { do: 'environment' }), egress: EGRESS }
    await driver.start(run)
    await driver.wait('told', AbortSignal.timeout(20_000))
    const { env } = JSON.parse(readFileSync(join(run.jobDir, 'out/environment.json'), 'utf8'))
    const proxy = 'http://127.0.0.1:3128'
    expect(env).toMatchObject({ HTTPS_PROXY: proxy, https_proxy: proxy, NODE_USE_ENV_PROXY: '1' })
    await driver.remove('told')
    expect(() => statSync(socketOf('told'))).toThrow(/ENOENT/)
  })

  dockerTest('behavior: a later daemon takes up its proxy, with the same list', async () => {
    await driver.start({ ...runOf(folder, 'kept', { do: 'wait' }), egress: EGRESS })
    expect(await askProxy('kept')).toMatch(/^HTTP\/1.1 403 [\s\S]*not in the order's egress list/)
    // What is left when a daemon is killed: the container, the gateway, and a socket that nobody listens on.
    const dead = statSync(socketOf('kept')).ino
    rmSync(socketOf('kept'))
    const later = makeDriver()
    expect(await later.inspect('kept')).toEqual({ kind: 'running' })
    expect(statSync(socketOf('kept')).ino).not.toBe(dead)
    expect(await askProxy('kept')).toMatch(/^HTTP\/1.1 403 /)
    await later.remove('kept')
    expect(await later.list()).toEqual([])
  })

  dockerTest('behavior: a repeated start leaves run and gateway as they are', async () => {
    const run = { ...runOf(folder, 'twice', { do: 'wait' }), egress: EGRESS }
    await Promise.all([driver.start(run), driver.start(run)])
    await driver.start(run)
    expect(await driver.inspect('twice')).toEqual({ kind: 'running' })
    expect(await askProxy('twice')).toMatch(/^HTTP\/1.1 403 /)
    await driver.remove('twice')
  })

  dockerTest('error: a driver that keeps nothing gives none', async () => {
    const plain = createDockerDriver({ docker, imageId, scope })
    const run = { ...runOf(folder, 'plain', { do: 'print' }), egress: EGRESS }
    await expect(plain.start(run)).rejects.toThrow(/gives no job egress/)
    expect(await plain.list()).toEqual([])
  })

  test('error: a machine without containers gives none', async () => {
    const process = createProcessDriver({ nodePath, trainerDir: standIn, stateDir: join(folder, 'runs') })
    const run = { ...runOf(folder, 'process', { do: 'print' }), egress: EGRESS }
    await expect(process.start(run)).rejects.toThrow(/without containers/)
  })
})
