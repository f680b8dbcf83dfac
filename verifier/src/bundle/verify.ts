import { z } from 'zod'
import { type Check, type CheckOptions, checks } from '../checks/all.ts'
import { parseJson } from '../json.ts'
import { allPass } from '../screens/allPass.ts'
import { screenBundle } from '../screens/screenBundle.ts'
import { CHECK_IDS, type CheckId, type CheckResult, type Finding, fail, type Verdict } from '../verdict.ts'
import { Blocked, Undecidable } from './blocked.ts'
import { known } from './known.ts'
import { type Bundle, isInputError, readBundle } from './read.ts'

const MAX_METRICS_BYTES = 64 * 1024
const metricsSchema = z.looseObject({ accuracy: z.number() })

/** Checks that compare bits with those of this machine. */
const ARITHMETIC: readonly CheckId[] = ['replay', 'inner', 'model', 'metrics', 'progress']
const MAX_DETAILS = 5
const MAX_DETAIL_CHARS = 2_000

/**
 * Checks a bundle directory and replays all of its segments.
 * @param options.rpc node to compare order.json with; without it nothing leaves this machine
 * @param options.replayer runs the image of a job that names one; without it such a bundle stays undecided
 */
export async function verifyBundle(dir: string, options: CheckOptions = {}): Promise<Verdict> {
  return verifyOpened(readBundle(dir, options.replayer), options)
}

/** As verifyBundle, of a bundle that was opened; what it replays stays with it. */
export async function verifyOpened(bundle: Bundle, options: CheckOptions): Promise<Verdict> {
  const results: CheckResult[] = []
  for (const id of CHECK_IDS) results.push(await runCheck(id, bundle, options))
  const has = (...statuses: CheckResult['status'][]) =>
    results.some(({ status }) => statuses.includes(status))
  const coverage = known(() => bundle.coverage())
  return {
    verdict: has('fail') ? 'invalid' : has('undecided', 'blocked') ? 'undecided' : 'valid',
    checks: results,
    segments: coverage?.segments ?? null,
    steps: coverage?.steps ?? null,
    accuracy: known(() => accuracyIn(bundle.metrics())) ?? null,
    screens: known(() => screenBundle(bundle)) ?? [],
    allPass: known(() => drawnPass(bundle)),
  }
}

/** What one check says of a bundle. */
export async function runCheck(id: CheckId, bundle: Bundle, options: CheckOptions): Promise<CheckResult> {
  const findings = await findingsOf(checks[id], bundle, options)
  if (findings instanceof Blocked) return { id, status: 'blocked', detail: findings.message }
  const found = findings.find((finding) => finding.status === 'fail')?.status ?? findings[0]?.status ?? 'pass'
  const details = findings.filter((finding) => finding.status === found).map(({ detail }) => detail)
  const status = found === 'fail' && mayDiffer(id, bundle) ? 'undecided' : found
  const rest = details.length > MAX_DETAILS ? ` (and ${details.length - MAX_DETAILS} more)` : ''
  return {
    id,
    status,
    detail: `${details.slice(0, MAX_DETAILS).join('; ').slice(0, MAX_DETAIL_CHARS)}${rest}`,
  }
}

/** Of an order within a tolerance other hardware gives other bits: `tolerance compare` judges them. */
function mayDiffer(id: CheckId, bundle: Bundle): boolean {
  return ARITHMETIC.includes(id) && known(() => bundle.job())?.proof.mode === 'tolerance'
}

async function findingsOf(check: Check, bundle: Bundle, options: CheckOptions): Promise<Finding[] | Blocked> {
  try {
    return await check(bundle, options)
  } catch (error) {
    if (error instanceof Blocked) return error
    if (error instanceof Undecidable) return [{ status: 'undecided', detail: error.message }]
    if (isInputError(error)) return [fail(error.message)]
    throw error
  }
}

function drawnPass(bundle: Bundle): boolean | null {
  const leaves = bundle.leaves()
  const verdicts = bundle.replays().map((replay, segment): [number, 'pass' | 'fail'] => {
    const { stateRootAfter, innerRoot } = leaves[segment]!
    const same = 'state' in replay && replay.stateRoot === stateRootAfter && replay.innerRoot === innerRoot
    return [segment, same ? 'pass' : 'fail']
  })
  return allPass(bundle.order().drawn, new Map(verdicts))?.counts ?? null
}

/** Metrics files are written by the trainer or program itself; this reads the one figure of them that all have. */
function accuracyIn(metrics: Uint8Array | null): number | null {
  return metrics && parseJson(metrics, metricsSchema, 'metrics', MAX_METRICS_BYTES).accuracy
}
