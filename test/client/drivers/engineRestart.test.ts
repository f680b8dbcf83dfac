import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createDockerDriver } from '../../../client/src/drivers/docker/createDockerDriver.ts'
import { EngineUnreachable } from '../../../client/src/drivers/driverErrors.ts'
import { buildCanonicalImage } from '../../../client/src/images/canonicalImage.ts'
import { linesUntil } from '../../helpers/collectLines.ts'
import { nodePath, openFolder, runOf, standIn } from '../../helpers/driverRun.ts'
import { PrivateEngine, privateEngineMissing } from '../../helpers/privateEngine.ts'

const missing = privateEngineMissing()
const folder = openFolder('restart')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.skipIf(missing !== undefined)(
  `behavior: wait and logs outlast a restart of the engine${missing ? ` [skipped: ${missing}]` : ''}`,
  async () => {
    await using engine = new PrivateEngine()
    await engine.start()
    const { imageId } = await buildCanonicalImage({ docker: engine.docker, nodePath, trainerDir: standIn })
    const driver = createDockerDriver({ docker: engine.docker, imageId, scope: 'restart' })
    const run = runOf(folder, 'outlasts', { do: 'wait' })
    await driver.start(run)
    const lines: string[] = []
    const waitingSeen = Promise.withResolvers<void>()
    const reading = driver.logs(
      run.runId,
      0,
      ({ line }) => {
        lines.push(line)
        if (line === 'waiting') waitingSeen.resolve()
      },
      AbortSignal.timeout(60_000),
    )
    const waiting = driver.wait(run.runId, AbortSignal.timeout(60_000))
    await waitingSeen.promise

    await engine.stop()
    await expect(driver.inspect(run.runId)).rejects.toBeInstanceOf(EngineUnreachable)
    await engine.start()
    expect(await driver.inspect(run.runId)).toEqual({ kind: 'running' })
    const later = createDockerDriver({ docker: engine.docker, imageId, scope: 'restart' })
    expect(await later.list()).toEqual([run.runId])
    expect(await later.inspect(run.runId)).toEqual({ kind: 'running' })

    await driver.stop(run.runId, 10_000)
    expect(await waiting).toEqual({ kind: 'exited', exitCode: 75, oomKilled: false })
    await reading
    expect(lines).toEqual(['waiting', 'asked to stop'])
  },
  90_000,
)

test.skipIf(missing !== undefined)(
  `behavior: a run that ended with the engine is found, with its end and its log${missing ? ` [skipped: ${missing}]` : ''}`,
  async () => {
    await using engine = new PrivateEngine({ liveRestore: false })
    await engine.start()
    const { imageId } = await buildCanonicalImage({ docker: engine.docker, nodePath, trainerDir: standIn })
    const stateDir = join(folder, 'state')
    const options = { docker: engine.docker, imageId, scope: 'restart', stateDir, useRooms: true }
    const driver = createDockerDriver(options)
    const run = { ...runOf(folder, 'ended', { do: 'wait' }), egress: ['files.example.com:443'] }
    await driver.start(run)
    await linesUntil(driver, run.runId, 'waiting')
    const waiting = driver.wait(run.runId, AbortSignal.timeout(60_000))
    await engine.stop()
    await engine.start()
    expect(await waiting).toEqual({ kind: 'exited', exitCode: 75, oomKilled: false })

    const later = createDockerDriver(options)
    expect(await later.list()).toEqual([run.runId])
    const lines = await linesUntil(later, run.runId, 'no such line')
    expect(lines.map(({ line }) => line)).toEqual(['waiting', 'asked to stop'])
    await later.remove(run.runId)
    expect(await engine.docker.listContainers({ all: true })).toEqual([])
  },
  90_000,
)
