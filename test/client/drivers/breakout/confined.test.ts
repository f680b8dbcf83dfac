import { randomUUID } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { createDockerDriver } from '../../../../client/src/drivers/docker/createDockerDriver.ts'
import type { Driver } from '../../../../client/src/drivers/driver.ts'
import { readOutputFile } from '../../../../client/src/drivers/readOutputFile.ts'
import { docker, dockerMissing, dockerTest, removeContainers } from '../../../helpers/docker.ts'
import { openFolder } from '../../../helpers/driverRun.ts'
import { attackRun, expectAlive, type Report, reportOf, runUnprotected } from './attackRun.ts'
import { type HostileImage, makeHostileImage } from './hostileImage.ts'

const name = randomUUID().slice(0, 8)
const scope = `test-${name}`
const folder = openFolder('breakout')
const otherOrder = join(folder, 'other-order', 'checkpoint')
let image: HostileImage
let driver: Driver
let confined: Report = {}
let unprotected: Report = {}

const FILE_ATTACKS = [
  { name: 'writeRoot' },
  { name: 'writeInput' },
  { name: 'writeProcSys' },
  { name: 'writeCorePattern' },
  { name: 'readOtherOrder', path: otherOrder },
  { name: 'readHostProcess' },
  { name: 'dockerSocket' },
  { name: 'diskDevice' },
  { name: 'becomeRoot' },
  { name: 'gainCapabilities' },
  { name: 'writeVolume' },
  { name: 'environment' },
  { name: 'leaveLinks', path: otherOrder },
  { name: 'writeSpec' },
  { name: 'writeProgram' },
]

const NEW_USER_NAMESPACE = 0x1000_0000
/** Number and arguments, x86-64; those that fail for another reason without protection are "done" as well. */
const SYSTEM_CALLS: Record<string, number[]> = {
  'mount a file system': [165, 0, 0, 0, 0, 0],
  'enter a new user namespace': [272, NEW_USER_NAMESPACE],
  'clone into a new user namespace': [56, NEW_USER_NAMESPACE | 17],
  'trace a process': [101, 0],
  'open a socket to the hypervisor': [41, 40, 1, 0],
  'use the kernel crypto sockets': [41, 38, 5, 0],
  'read the keyring': [250, 0, -3, 1],
  'load a BPF program': [321, 0, 0, 0],
  'set up io_uring': [425, 1, 0],
  'handle page faults': [323, 1],
  'count hardware events': [298, 0, 0, -1, -1, 0],
  'switch address randomisation off': [135, 0x40000],
  'open a file by its handle': [304, -1, 0, 0],
  'load a kernel module': [313, -1, 0, 0],
  'set the host name': [170, 0, 0],
  'read the kernel log': [103, 3, 0, 0],
}
const isX64 = process.arch === 'x64'
const CALL_ATTACKS = isX64
  ? Object.entries(SYSTEM_CALLS).map(([what, call]) => ({ name: `syscall ${what}`, call }))
  : []

beforeAll(async () => {
  if (dockerMissing) return
  mkdirSync(join(folder, 'other-order'))
  writeFileSync(otherOrder, 'of another buyer', { mode: 0o644 })
  image = await makeHostileImage(docker, name)
  driver = createDockerDriver({ docker, imageId: image.imageId, scope, stateDir: join(folder, 'state') })
  const run = attackRun(folder, 'confined', [...FILE_ATTACKS, ...CALL_ATTACKS])
  // Open to everybody on the host, so that only the confinement can keep the job from writing there.
  chmodSync(join(run.jobDir, 'in'), 0o777)
  chmodSync(join(run.jobDir, 'spec.json'), 0o666)
  await driver.start(run)
  const state = await driver.wait(run.runId, AbortSignal.timeout(30_000))
  expect(state).toEqual({ kind: 'exited', exitCode: 0, oomKilled: false })
  confined = reportOf(run)
  const loose = attackRun(folder, 'unprotected', [...FILE_ATTACKS, ...CALL_ATTACKS])
  chmodSync(join(loose.jobDir, 'out'), 0o777)
  unprotected = await runUnprotected(docker, image.imageId, loose, {
    PidMode: 'host',
    NetworkMode: 'none',
    Devices: [
      { PathOnHost: '/dev/loop-control', PathInContainer: '/dev/loop-control', CgroupPermissions: 'r' },
    ],
    Binds: [
      ...['spec.json', 'in', 'out'].map((part) => `${join(loose.jobDir, part)}:/job/${part}`),
      `${folder}:${folder}:ro`,
      '/var/run/docker.sock:/var/run/docker.sock',
    ],
  })
}, 90_000)

afterAll(async () => {
  await removeContainers(scope)
  await image?.remove()
  rmSync(folder, { recursive: true, force: true })
})

/** The attack failed in one of the expected ways, and succeeds where nothing stops it. */
function expectStopped(attack: string, how: RegExp): void {
  expect(`${attack}: ${confined[attack]}`).toMatch(how)
  expect(`${attack} unprotected: ${unprotected[attack]}`).toBe(`${attack} unprotected: done`)
}

describe('a hostile image', () => {
  dockerTest('error: it cannot write to its root file system, its program or its input', async () => {
    for (const attack of ['writeRoot', 'writeProgram', 'writeInput', 'writeSpec'])
      expectStopped(attack, /EROFS$/)
  })

  dockerTest('error: it cannot become root, also by a set-user-id program of its own', async () => {
    expectStopped('becomeRoot', /EPERM$/)
  })

  dockerTest('error: it cannot gain a capability', async () => {
    expectStopped('gainCapabilities', /EPERM$/)
  })

  dockerTest('error: it cannot change /proc/sys', async () => {
    expectStopped('writeProcSys', /(EROFS|EACCES)$/)
    expectStopped('writeCorePattern', /(EROFS|EACCES)$/)
  })

  dockerTest('error: it cannot see processes or disks of the machine', async () => {
    expectStopped('readHostProcess', /ENOENT$/)
    expectStopped('diskDevice', /ENOENT$/)
  })

  dockerTest("error: it cannot read another order's files", async () => {
    expectStopped('readOtherOrder', /(ENOENT|EACCES)$/)
  })

  dockerTest('error: it cannot talk to the Docker socket', async () => {
    expectStopped('dockerSocket', /ENOENT$/)
  })

  dockerTest('error: a volume that the image declares gives it no more room', async () => {
    expectStopped('writeVolume', /ENOSPC$/)
  })

  dockerTest('error: it sees no GPU that it was not given, whatever its image says', async () => {
    const inside = confined.environment as Record<string, string>
    expect(inside.NVIDIA_VISIBLE_DEVICES).toBe('void')
    expect(Object.keys(inside)).not.toContain('NVIDIA_DRIVER_CAPABILITIES')
    expect(Object.keys(inside)).not.toContain('LD_PRELOAD')
    const outside = unprotected.environment as Record<string, string>
    expect(outside).toMatchObject({ NVIDIA_VISIBLE_DEVICES: 'all', NVIDIA_DRIVER_CAPABILITIES: 'all' })
  })

  dockerTest('error: links that it leaves in its output lead the daemon nowhere', async () => {
    const jobDir = join(folder, 'confined')
    expect(lstatSync(join(jobDir, 'out/link')).isSymbolicLink()).toBe(true)
    await expect(readOutputFile(jobDir, 'link', 1e6)).rejects.toThrow(/symbolic link/)
    await expect(readOutputFile(jobDir, `folder${otherOrder}`, 1e6)).rejects.toThrow(/symbolic link/)
    await expect(readOutputFile(jobDir, '../../other-order/checkpoint', 1e6)).rejects.toThrow(/not a plain/)
  })

  for (const what of Object.keys(SYSTEM_CALLS)) {
    if (!isX64) break
    dockerTest(`error: it may not ${what}`, async () => {
      expect(`${what}: ${confined[`syscall ${what}`]}`).toBe(`${what}: EPERM`)
      expect(`${what} unprotected: ${unprotected[`syscall ${what}`]}`).toBe(`${what} unprotected: done`)
    })
  }

  dockerTest('behavior: the driver runs the next job', async () => {
    await expectAlive(driver, folder, 'after')
  })
})
