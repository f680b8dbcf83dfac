import { randomUUID } from 'node:crypto'
import { chmodSync, lstatSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { createDockerDriver } from '../../../client/src/drivers/docker/createDockerDriver.ts'
import { readOutputFile } from '../../../client/src/drivers/readOutputFile.ts'
import { docker, dockerMissing, dockerTest, removeContainers } from '../../helpers/docker.ts'
import { openFolder, runOf } from '../../helpers/driverRun.ts'
import { makeStandInImage, removeImage } from '../../helpers/standInImage.ts'

const scope = `test-${randomUUID().slice(0, 8)}`
const folder = openFolder('isolation')
let imageId = ''
let jobDir = ''
let report: Record<string, unknown> = {}

beforeAll(async () => {
  if (dockerMissing) return
  imageId = await makeStandInImage()
  // A service of this host, reachable on its own address: what a job must not get to.
  const server = createServer((_request, response) => response.end())
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  const host = `${addressOfHost()}:${(server.address() as AddressInfo).port}`
  expect((await fetch(`http://${host}`)).ok).toBe(true)
  const run = runOf(folder, 'attack', { do: 'attack', host }, { pids: 32 })
  // Open to everybody on the host, so that only the mounts can keep the job from writing there.
  for (const name of ['', 'data', 'in']) chmodSync(join(run.jobDir, name), 0o777)
  chmodSync(join(run.jobDir, 'spec.json'), 0o666)
  const driver = createDockerDriver({ docker, imageId, scope })
  await driver.start(run)
  expect(await driver.wait(run.runId, AbortSignal.timeout(30_000))).toMatchObject({
    kind: 'exited',
    exitCode: 0,
  })
  server.close()
  jobDir = run.jobDir
  report = JSON.parse(readFileSync(join(jobDir, 'out/report.json'), 'utf8'))
})

function addressOfHost(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1'
}

afterAll(async () => {
  await removeContainers(scope)
  if (imageId !== '') await removeImage(imageId)
  rmSync(folder, { recursive: true, force: true })
})

const statusField = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(String(report.status))?.[1]

describe('a hostile job in a container', () => {
  dockerTest('default: it can write its output and nothing else', async () => {
    expect(report.writeOutput).toBe('done')
    for (const what of ['writeRoot', 'writeTrainer', 'writeSpec', 'writeData', 'writeInput', 'writeJob']) {
      expect(`${what} ${report[what]}`).toBe(`${what} EROFS`)
    }
    expect(readFileSync(join(jobDir, 'spec.json'), 'utf8')).toContain('attack')
  })

  dockerTest(
    'behavior: of all mounts only out and two small tmpfs take files, and those run no programs',
    async () => {
      expect(report.writableMounts).toEqual(['/dev/shm', '/tmp', '/job/out'])
      expect(report.runFromTmp).toBe('EACCES')
      expect(report.runFromShm).toBe('EACCES')
    },
  )

  dockerTest('behavior: it is not root, holds no capability and can gain none', async () => {
    expect(report.uid).not.toBe(0)
    expect(String(report.groups).split(',')).not.toContain('0')
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
      expect(`${set} ${statusField(set)}`).toBe(`${set} 0000000000000000`)
    }
    expect(statusField('NoNewPrivs')).toBe('1')
    expect(statusField('Seccomp')).toBe('2')
  })

  dockerTest('behavior: it has no network, not even to this host', async () => {
    expect(report.connect).toMatch(/^(ENETUNREACH|EHOSTUNREACH)$/)
    expect(Object.keys(report.interfaces as object).filter((name) => name !== 'lo')).toEqual([])
  })

  dockerTest('behavior: it cannot start more processes than it may', async () => {
    // Node's own threads count as well.
    expect(report.children === 'EAGAIN' || Number(report.children) < 32).toBe(true)
  })

  dockerTest('behavior: the image has no shell and nothing of the host', async () => {
    const entries = String(report.entries).split(',')
    expect(entries).not.toContain('bin')
    expect(entries).not.toContain('root')
    expect(entries).not.toContain('home')
  })

  dockerTest('behavior: a link that it leaves in its output is never followed', async () => {
    expect(lstatSync(join(jobDir, 'out/link')).isSymbolicLink()).toBe(true)
    await expect(readOutputFile(jobDir, 'link', 1e6)).rejects.toThrow(/symbolic link/)
  })
})
