import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { ToolkitCheck } from '../../../client/src/drivers/docker/checkToolkit.ts'
import { createDockerDriver } from '../../../client/src/drivers/docker/createDockerDriver.ts'
import { dockerMissing, testUnless } from '../../helpers/docker.ts'
import { openFolder } from '../../helpers/driverRun.ts'
import { PrivateEngine, privateEngineMissing } from '../../helpers/privateEngine.ts'
import { attackRun, reportOf } from './breakout/attackRun.ts'
import { makeHostileImage } from './breakout/hostileImage.ts'

const missing = dockerMissing ?? privateEngineMissing()
const engineTest = (what: string, body: () => Promise<void>) => testUnless(missing, what, body)
const folder = openFolder('gpus')
const HOOK_LOG = join(folder, 'hook.log')
const OURS = 'GPU-11111111-2222-3333-4444-555555555555'
const safe: ToolkitCheck = { safe: true, version: '1.20.0' }
let engine: PrivateEngine
let imageId = ''

beforeAll(async () => {
  if (missing) return
  // The engine asks a program of this name for the GPUs of a request; this one notes what it was told.
  const programs = join(folder, 'programs')
  mkdirSync(programs)
  const hook = join(programs, 'nvidia-container-runtime-hook')
  const script = `bundle=$(grep -o '"bundle":"[^"]*"' | cut -d'"' -f4)\ncat "$bundle/config.json" >> ${HOOK_LOG}`
  writeFileSync(hook, `#!/bin/sh\n${script}\n`)
  chmodSync(hook, 0o755)
  // As on many GPU hosts: a runtime that reads the image's variables is the usual one. Here it is runc by that name.
  const args = ['--add-runtime', 'nvidia=runc', '--default-runtime', 'nvidia']
  engine = new PrivateEngine({ programs, args })
  await engine.start()
  imageId = (await makeHostileImage(engine.docker, 'gpus')).imageId
}, 60_000)

afterAll(async () => {
  await engine?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const driverWith = (toolkit?: ToolkitCheck) =>
  createDockerDriver({ docker: engine.docker, imageId, scope: 'gpus', ...(toolkit ? { toolkit } : {}) })
const seen = [{ name: 'environment' }]

describe('GPUs (a stand-in for the container toolkit)', () => {
  engineTest('default: a run is given exactly the GPUs that it is for, whatever its image asks', async () => {
    const driver = driverWith(safe)
    const run = attackRun(folder, 'one', seen, { gpus: [OURS] })
    await driver.start(run)
    expect(await driver.wait('one', AbortSignal.timeout(20_000))).toMatchObject({ exitCode: 0 })
    const { HostConfig } = await engine.docker.getContainer('trainyard-gpus-one').inspect()
    expect(HostConfig.Runtime).toBe('runc')
    const { process } = JSON.parse(readFileSync(HOOK_LOG, 'utf8')) as { process: { env: string[] } }
    const told = process.env.filter((entry) => /^(NVIDIA_|LD_)/.test(entry)).sort()
    // The engine adds its own to ours: both say the same.
    expect([...new Set(told)]).toEqual([
      'NVIDIA_DRIVER_CAPABILITIES=compute,utility',
      `NVIDIA_VISIBLE_DEVICES=${OURS}`,
    ])
    expect(reportOf(run).environment).toMatchObject({ NVIDIA_VISIBLE_DEVICES: OURS })
    await driver.remove('one')
  })

  engineTest('error: the same image widens it where nobody takes its variables away', async () => {
    rmSync(HOOK_LOG)
    const DeviceRequests = [{ Driver: 'nvidia', DeviceIDs: [OURS], Capabilities: [['gpu', 'compute']] }]
    const options = { Image: imageId, Entrypoint: ['/setuid'], HostConfig: { DeviceRequests } }
    const container = await engine.docker.createContainer(options)
    await container.start()
    await container.wait()
    expect(readFileSync(HOOK_LOG, 'utf8')).toMatch(/LD_PRELOAD=\/escape.so/)
    await container.remove()
  })

  engineTest('behavior: a run for no GPU is never shown to the toolkit', async () => {
    rmSync(HOOK_LOG, { force: true })
    const driver = driverWith(safe)
    const run = attackRun(folder, 'none', seen)
    await driver.start(run)
    await driver.wait('none', AbortSignal.timeout(20_000))
    expect(existsSync(HOOK_LOG)).toBe(false)
    expect(reportOf(run).environment).toMatchObject({ NVIDIA_VISIBLE_DEVICES: 'void' })
    await driver.remove('none')
  })

  engineTest('error: a toolkit that lets jobs escape gets no run to see', async () => {
    const reason = 'the NVIDIA container toolkit 1.14.3 lets jobs escape'
    const run = attackRun(folder, 'unsafe', seen, { gpus: [OURS] })
    await expect(driverWith({ safe: false, reason }).start(run)).rejects.toThrow(reason)
    await expect(driverWith().start(run)).rejects.toThrow(/gives jobs no GPUs/)
    expect(await driverWith().list()).toEqual([])
  })

  engineTest('error: a GPU by anything but its UUID is refused', async () => {
    for (const gpu of ['all', '0', 'none', 'void', `${OURS},all`, 'GPU-1', `${OURS}\nX=y`]) {
      const run = attackRun(folder, `named-${Math.random()}`, seen, { gpus: [gpu] })
      await expect(driverWith(safe).start(run)).rejects.toThrow(/is not the UUID of a GPU/)
    }
    expect(await driverWith().list()).toEqual([])
  })
})
