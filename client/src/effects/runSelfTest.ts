import { OutputRefused } from '../drivers/driverErrors.ts'
import { readOutputFile } from '../drivers/readOutputFile.ts'
import type { OrderContext } from '../engine/context.ts'
import { discardRun } from '../engine/discardRun.ts'
import { imageOf } from '../engine/imageOf.ts'
import { runIdPrefix } from '../engine/orderRuns.ts'
import { prepareRun } from '../engine/prepareRun.ts'
import type { Action } from '../order/action.ts'

const RUNS = ['s1', 's2'] as const
const LOG_TIMEOUT_MS = 2_000
const MAX_LOG_LINES = 500
const MAX_OUTPUT_BYTES = 1024 ** 3

/**
 * Runs the first segment twice, side by side, with the seed it will really have, and compares every byte of
 * the checkpoints and every bit of loss and gradient norm. Two tries that differ are the job's fault, found
 * before the buyer's clock runs.
 */
export async function runSelfTest(order: OrderContext, signal: AbortSignal): Promise<Action> {
  const timeout = AbortSignal.timeout(order.parameters.confirmSeconds * 1000)
  const either = AbortSignal.any([signal, timeout])
  try {
    const outcomes = await Promise.all(RUNS.map((run) => runOnce(order, run, either)))
    signal.throwIfAborted()
    const failed = outcomes.find((outcome) => 'failure' in outcome)
    if (failed && 'failure' in failed) return { type: 'SelfTestFailed', message: failed.failure }
    const [first, second] = outcomes as { output: Buffer }[]
    if (first && second && first.output.equals(second.output)) return { type: 'SelfTestPassed' }
    return { type: 'SelfTestDiffered', message: 'Two runs of the first segment gave different bits.' }
  } finally {
    for (const run of RUNS) await discardRun(order, run)
  }
}

async function runOnce(
  order: OrderContext,
  run: string,
  signal: AbortSignal,
): Promise<{ output: Buffer } | { failure: string }> {
  const { driver, orderId, limits, paths, journal } = order
  const job = await order.job()
  const toStep = Math.min(job.stepsPerSegment, job.steps)
  const runId = `${runIdPrefix(order)}${run}`
  await discardRun(order, run) // what a crash left behind proves nothing
  const seeds = () => journal.seedsOf(orderId).slice(0, 1)
  const jobDir = await prepareRun({ paths, run, seeds })
  await driver.start({ orderId, runId, jobDir, fromStep: 0, toStep, limits, ...imageOf(job, order.gpus) })
  const state = await driver.wait(runId, signal)
  if (state.kind === 'running') return { failure: 'The first segment took longer than the confirm window.' }
  if (state.kind === 'missing') throw new Error('The self-test run is gone.')
  if (state.exitCode !== 0) {
    const memory = state.oomKilled ? ' (out of memory)' : ''
    const words = await keepLog(order, runId)
    return { failure: `The first segment failed with exit code ${state.exitCode}${memory}.${words}` }
  }
  return readOutput(jobDir, toStep)
}

/** An image that ends well and leaves nothing to compare, or something else than a file, is as bad as one that fails. */
async function readOutput(jobDir: string, toStep: number): Promise<{ output: Buffer } | { failure: string }> {
  try {
    const paths = [`checkpoints/${toStep}/state.safetensors`, 'progress.jsonl']
    const parts = await Promise.all(paths.map((path) => readOutputFile(jobDir, path, MAX_OUTPUT_BYTES)))
    return { output: Buffer.concat(parts) }
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (isMissing) return { failure: 'The first segment wrote no checkpoint, or no progress.' }
    if (error instanceof OutputRefused) return { failure: error.message }
    throw error
  }
}

/** Tells the newest lines of a run that is about to be thrown away; returns its last words. */
async function keepLog(order: OrderContext, runId: string): Promise<string> {
  const lines: { at: number; stream: 'stdout' | 'stderr'; line: string }[] = []
  const signal = AbortSignal.timeout(LOG_TIMEOUT_MS)
  const take = (entry: (typeof lines)[number]) => {
    lines.push(entry)
    if (lines.length > MAX_LOG_LINES) lines.shift()
  }
  await order.driver.logs(runId, 0, take, signal).catch(() => undefined)
  for (const entry of lines) order.events.emit('log', entry)
  order.events.flush() // the run is thrown away next
  const last = lines.at(-1)?.line ?? ''
  return last === '' ? '' : ` Its last words: ${last.slice(0, 200)}`
}
