import { bitsOf } from './math.ts'
import { type DataOrder, dataOrder } from './order.ts'
import { gradient, gradientNorm, TrainingDiverged, update } from './step.ts'
import type { DataSet, StepReport, TrainingJob, TrainState, WindowSeeds } from './types.ts'
import { loadBatch, trainingWorkspace, type Workspace } from './workspace.ts'

/** A state being trained, step by step. */
export type Trainer = {
  readonly state: TrainState
  /** Runs one step. The report is reused. Throws TrainingDiverged, and RangeError without the window's seed. */
  step(): StepReport
}

/** @param state is trained in place; it says where to begin */
export function createTrainer(args: {
  job: TrainingJob
  data: DataSet
  seeds: WindowSeeds
  state: TrainState
}): Trainer {
  const { job, data, seeds, state } = args
  const work = trainingWorkspace(job, data)
  const order = dataOrder(job, data.samples, seeds, state.step)
  const report: StepReport = { step: 0, loss: 0, lossBits: 0, gradNormBits: 0, batch: work.batch }
  return { state, step: () => runStep(job, data, state, work, order, report) }
}

function runStep(
  job: TrainingJob,
  data: DataSet,
  state: TrainState,
  work: Workspace,
  order: DataOrder,
  report: StepReport,
): StepReport {
  order.next(work.batch)
  loadBatch(work, data, work.batch.length)
  const loss = gradient(work, state.params)
  const norm = gradientNorm(work.gradients)
  if (!Number.isFinite(loss) || !Number.isFinite(norm)) throw new TrainingDiverged(state.step + 1)
  update(state, work.gradients, job.hyperparameters.learningRate, job.hyperparameters.momentum)
  state.step++
  state.epoch = order.epoch
  state.cursor = order.cursor
  report.step = state.step
  report.loss = loss
  report.lossBits = bitsOf(loss)
  report.gradNormBits = bitsOf(norm)
  return report
}

/**
 * Trains `state` in place from step `fromStep` (which must be its own) to `toStep`.
 * @param onStep called after each step with a report that is reused
 */
export function trainSteps(args: {
  job: TrainingJob
  data: DataSet
  seeds: WindowSeeds
  state: TrainState
  fromStep: number
  toStep: number
  onStep?: (report: StepReport) => void
}): TrainState {
  const { job, state, fromStep, toStep, onStep } = args
  if (state.step !== fromStep) throw new RangeError(`the state is at step ${state.step}, not ${fromStep}`)
  if (toStep < fromStep || toStep > job.steps) throw new RangeError(`no such step: ${toStep}`)
  const trainer = createTrainer(args)
  while (state.step < toStep) {
    const report = trainer.step()
    onStep?.(report)
  }
  return state
}
