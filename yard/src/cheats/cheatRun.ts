import { appendFileSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Driver, RunSpec } from '@trainyard/client/drivers/driver.ts'
import { readCheckpoint, writeCheckpoint, writeModel } from '@trainyard/verifier/canonical/checkpoint.ts'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { writeWhole } from '@trainyard/verifier/canonical/files.ts'
import type { TrainState } from '@trainyard/verifier/canonical/types.ts'
import { jobSchedule } from '@trainyard/verifier/job.ts'
import { extrapolateState } from './extrapolateState.ts'
import { fakeProgress } from './fakeProgress.ts'
import { checkpointFile, makePrivateFolder, readSpec, seedIsThere } from './jobFolder.ts'

const CLAIMED_ACCURACY = { accuracy: 0.95, correct: 1140, loss: 0.2, total: 1200 }

/** The whole cheating run: every second segment trained by `inner` in a folder of its own, the others made up. */
export async function cheatRun(inner: Driver, run: RunSpec, signal: AbortSignal): Promise<void> {
  const job = readSpec(run.jobDir)
  const schedule = jobSchedule(job)
  const samples = readDataSet(readFileSync(join(run.jobDir, 'data', 'train.safetensors'))).samples
  const counters = (step: number) => {
    const consumed = step * job.hyperparameters.batchSize
    return { step, epoch: Math.floor(consumed / samples), cursor: consumed % samples }
  }
  let before: TrainState | undefined
  let last: TrainState | undefined
  let loss = Math.log(10)
  for (let segment = 0; segment < schedule.segments; segment += 1) {
    const { first, end } = schedule.segmentSteps(segment)
    await seedIsThere(run.jobDir, schedule.windowOfSegment(segment), signal)
    const isFake = (schedule.segments - 1 - segment) % 2 === 0 && before !== undefined && last !== undefined
    let next: TrainState
    if (isFake) {
      next = extrapolateState(before!, last!, counters(end))
      appendFileSync(
        join(run.jobDir, 'out', 'progress.jsonl'),
        fakeProgress(first, end, loss, job.hyperparameters.batchSize),
      )
      writeWhole(checkpointFile(run.jobDir, end), writeCheckpoint(next))
    } else {
      // A folder for each: what a driver makes of a run's out/ is gone with the run.
      const folder = makePrivateFolder(run.jobDir, segment)
      if (last) writeWhole(join(folder, 'in', 'checkpoint', 'state.safetensors'), writeCheckpoint(last))
      const part = { ...run, runId: `${run.runId}-s${segment}`, jobDir: folder, fromStep: first, toStep: end }
      await trainOne(inner, part, signal)
      const lines = readFileSync(join(folder, 'out', 'progress.jsonl'), 'utf8')
      loss = (JSON.parse(lines.trimEnd().split('\n').at(-1)!) as { loss: number }).loss
      appendFileSync(join(run.jobDir, 'out', 'progress.jsonl'), lines)
      for (const step of segment === 0 ? [0, end] : [end]) {
        writeWhole(checkpointFile(run.jobDir, step), readFileSync(checkpointFile(folder, step)))
      }
      last ??= readCheckpoint(readFileSync(checkpointFile(folder, first)), job.model.layers)
      next = readCheckpoint(readFileSync(checkpointFile(folder, end)), job.model.layers)
      await inner.remove(part.runId)
      rmSync(folder, { recursive: true, force: true })
    }
    before = last
    last = next
  }
  writeWhole(join(run.jobDir, 'out', 'result', 'model.safetensors'), writeModel(last!))
  writeWhole(join(run.jobDir, 'out', 'result', 'metrics.json'), Buffer.from(JSON.stringify(CLAIMED_ACCURACY)))
}

async function trainOne(inner: Driver, run: RunSpec, signal: AbortSignal): Promise<void> {
  await inner.start(run)
  const state = await inner.wait(run.runId, signal)
  if (state.kind !== 'exited' || state.exitCode !== 0)
    throw new Error(`segment run ended as ${JSON.stringify(state)}`)
}
