import type { ReadStream } from 'node:fs'
import { open as openFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { innerBytes } from '@trainyard/verifier/bundle/inner.ts'
import { CheckpointGone, CheckpointNotYet } from '../engine/checkpoints/errors.ts'
import type { OrderContext } from '../engine/context.ts'
import { deliveriesOf } from '../engine/deliverCheckpoint.ts'
import { innerSteps } from '../engine/innerSteps.ts'
import { endSegmentOf, lastStepOf } from '../order/plan.ts'
import type { OrderState } from '../order/state.ts'
import { OUTPUT_INDEX } from '../rental/keepOutput.ts'
import { notFound, Problem } from './Problem.ts'

/** Less than an auditor waits for an answer. */
const PATIENCE_MS = 8_000

export const RESULT_NAMES = ['model.safetensors', 'metrics.json'] as const

/**
 * A checkpoint as it was hashed. One that is not on disk is computed again for the order's parties; whoever asks waits
 * for it for a while, and is told to come back after that.
 */
export async function openCheckpoint(order: OrderContext, step: number, isParty: boolean): Promise<Served> {
  const missing = `The checkpoint of step ${step} is not kept.`
  if (step > servedStep(order)) throw notFound(missing)
  const kept = await order.checkpoints.kept(step)
  if (kept === undefined && !isParty) throw notFound(missing)
  return open(kept ?? (await recomputed(order, step)), missing)
}

async function recomputed(order: OrderContext, step: number): Promise<string> {
  const stop = new AbortController()
  const patience = delay(PATIENCE_MS, undefined, { signal: stop.signal, ref: false }).then(
    () => {
      throw new CheckpointNotYet(step, 'it is being computed again')
    },
    () => '',
  )
  try {
    return await Promise.race([order.checkpoints.path(step), patience])
  } catch (error) {
    if (error instanceof CheckpointGone) throw notFound(error.message)
    if (error instanceof CheckpointNotYet) throw new Problem(503, 'Not yet', error.message, error.suggestion)
    throw error
  } finally {
    stop.abort()
  }
}

/** A file of the result. */
export async function openResult(order: OrderContext, name: string): Promise<Served> {
  const isKept = isOutput(order, name)
  if (!isKept && !RESULT_NAMES.some((known) => known === name))
    throw notFound(`There is no result named ${name}.`)
  if (isKept) requireKept(order)
  if (isResultSealed(order.state())) throw notFound('The order has no result yet.')
  return open(join(order.paths.result, name), 'The order has no result yet.')
}

/** Of an order without proof: the index of what its program left, and each of these files under its CID. */
function isOutput(order: OrderContext, name: string): boolean {
  const state = order.state()
  if (!('rental' in state) || !state.rental) return false
  return name === OUTPUT_INDEX || /^b[a-z2-7]{20,120}$/.test(name)
}

/** A program that was stopped leaves its result a few seconds later. */
function requireKept(order: OrderContext): void {
  const state = order.state()
  if (state.phase === 'settled' && state.cleaned) return
  const what = 'The result is kept once the program has ended.'
  throw new Problem(503, 'Not yet', what, 'Ask again when the order has ended.')
}

/** A segment's loss and gradient bits: secret until the order is settled, so that only a replay knows them. */
export function readInner(order: OrderContext, segment: number): Uint8Array {
  requireSettled(order)
  if (segment >= servedSegments(order.state())) throw notFound(`Segment ${segment} was not run.`)
  const lines = order.journal.progressOf(order.orderId, segment)
  if (lines === undefined) throw notFound(`Segment ${segment} was not run.`)
  return innerBytes(segment, innerSteps(lines))
}

/** All progress lines of the segments that were hashed. */
export function readProgress(order: OrderContext): string {
  requireSettled(order)
  const segments = servedSegments(order.state())
  let text = ''
  for (let segment = 0; segment < segments; segment++) {
    text += order.journal.progressOf(order.orderId, segment) ?? ''
  }
  return text
}

/** What of an order can be fetched here now. */
export async function listFiles(order: OrderContext) {
  const state = order.state()
  const names = await readdir(order.paths.checkpoints).catch((): string[] => [])
  const last = servedStep(order)
  const checkpoints = names
    .map((name) => Number(/^(\d+)\.safetensors$/.exec(name)?.[1] ?? Number.NaN))
    .filter((step) => step <= last)
    .sort((a, b) => a - b)
  const isSettled = state.phase === 'settled'
  const segments = isSettled ? servedSegments(state) : 0
  const result = isResultSealed(state) ? [] : await readdir(order.paths.result).catch((): string[] => [])
  return {
    orderId: order.orderId,
    checkpoints,
    delivered: deliveriesOf(order),
    inner: segments,
    progress: isSettled,
    result: RESULT_NAMES.filter((name) => result.includes(name)),
  }
}

export type Served = { stream: ReadStream; bytes: number }

async function open(path: string, missing: string): Promise<Served> {
  const file = await openFile(path).catch(() => undefined)
  if (!file) throw notFound(missing)
  const info = await file.stat()
  if (info.isFile()) return { stream: file.createReadStream(), bytes: info.size }
  await file.close()
  throw notFound(missing)
}

function servedStep(order: OrderContext): number {
  const state = order.state()
  const segments = servedSegments(state)
  return 'plan' in state && state.plan && segments > 0 ? lastStepOf(state.plan, segments - 1) : -1
}

/** Segments that others may have something of: those that are hashed, of a refereed order in windows that are opened. */
function servedSegments(state: OrderState): number {
  if (!('work' in state) || !state.work || !state.plan) return 0
  const { hashed, opened } = state.work
  if (opened === undefined) return hashed
  return opened === 0 ? 0 : Math.min(hashed, endSegmentOf(state.plan, opened - 1))
}

/** The model is what the last window ends in. */
function isResultSealed(state: OrderState): boolean {
  if (!('work' in state) || state.work?.opened === undefined || !state.plan) return false
  return state.work.opened < state.plan.windows
}

function requireSettled(order: OrderContext): void {
  if (order.state().phase === 'settled') return
  throw new Problem(
    403,
    'Not before settlement',
    'Loss and gradient bits stay secret until the auditors have revealed and the order is settled.',
    'Ask again once the order is settled.',
  )
}
