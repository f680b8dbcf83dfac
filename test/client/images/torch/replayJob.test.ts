import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Driver, RunSpec } from '../../../../client/src/drivers/driver.ts'
import { limitsOf } from '../../../../client/src/engine/limitsOf.ts'
import { replayJob } from '../../../../client/src/images/torch/replayJob.ts'
import { bundleParts } from '../../../helpers/honestBundle.ts'
import { imageJobOf } from '../../../helpers/imageBundle.ts'

/** An engine's stand-in whose runs fail at once: what they were given is what counts here. */
function failingDriver() {
  const started: RunSpec[] = []
  const removed: string[] = []
  const driver: Driver = {
    name: 'docker',
    start: async (run) => void started.push(run),
    inspect: async () => ({ kind: 'missing' }),
    wait: async () => ({ kind: 'exited', exitCode: 65, oomKilled: false }),
    stop: async () => undefined,
    remove: async (runId) => void removed.push(runId),
    logs: async (_runId, _sinceMs, onLine) => onLine({ at: 0, stream: 'stderr', line: 'no such model' }),
    list: async () => [],
    sweep: async () => [],
  }
  return { driver, started, removed }
}

test('default: a replay is given the job’s command, and the GPUs that it is called with, none unless named', async () => {
  const job = { ...imageJobOf((await bundleParts()).job), command: ['--fast'], egress: ['a.example.com:443'] }
  const jobDir = await mkdtemp(join(tmpdir(), 'trainyard-replay-'))
  onTestFinished(() => rm(jobDir, { recursive: true }))
  await writeFile(join(jobDir, 'spec.json'), JSON.stringify(job))
  const { driver, started, removed } = failingDriver()
  const stretch = { jobDir, outDir: join(jobDir, 'copied'), fromStep: 0, toStep: 2 }
  const signal = AbortSignal.timeout(10_000)
  const end = await replayJob(driver, { ...stretch, gpus: ['GPU-1'] }, limitsOf(), signal)
  expect(end).toEqual({ exitCode: 65, lastWords: 'no such model' })
  await replayJob(driver, stretch, limitsOf(), signal)
  const ofJob = { image: job.environment.image, command: ['--fast'], egress: undefined }
  expect(started.map(({ gpus, image, command, egress }) => ({ gpus, image, command, egress }))).toEqual([
    { gpus: ['GPU-1'], ...ofJob },
    { gpus: [], ...ofJob },
  ])
  expect(removed).toEqual(started.map(({ runId }) => runId))
})
