import { Undecidable } from '../bundle/blocked.ts'
import { type Bundle, readBundle } from '../bundle/read.ts'
import { type Comparison, replayOne } from '../bundle/replayOne.ts'
import { runCheck } from '../bundle/verify.ts'
import type { Hex } from '../hash/hex.ts'
import type { Replayer } from '../image/runImage.ts'
import { jobHash } from '../job.ts'
import type { SegmentLeaf } from '../segment.ts'
import type { CheckId } from '../verdict.ts'
import { type Divergence, firstDivergence } from './firstDivergence.ts'

/**
 * agree: both claim the same as far as both go. a-wrong, b-wrong: the other one's claim is what the replay came to.
 * both-wrong: neither's is, here or in an earlier segment of that window on which they agree.
 */
export type RefereeWord = 'agree' | 'a-wrong' | 'b-wrong' | 'both-wrong'

export type RefereeVerdict = {
  word: RefereeWord
  /** segments that both committed */
  compared: number
  /** segments that each committed */
  segments: { a: number; b: number }
  /** where they part, if they do */
  divergence: (Divergence & { window: number; replayed: { stateRoot: Hex; innerRoot: Hex } | null }) | null
  /** why one is wrong without a replay, in words */
  reasons: string[]
}

/** What each bundle has to be by itself before two can be compared; none of these replays anything. */
const OWN_CHECKS = [
  'manifest',
  'schema',
  'job-hash',
  'data',
  'leaf-chain',
  'window-root',
  'evidence-signature',
  'checkpoint',
] as const

/**
 * Settles between two sellers' bundles of one job on one schedule of randomness: finds the first segment on which they differ
 * and replays that one from the state that both claim before it. Agreement proves nothing against two who collude. Throws
 * Undecidable for two jobs or two schedules, and where this machine cannot run the job.
 */
export async function referee(
  dirs: { a: string; b: string },
  replayer: Replayer | undefined,
): Promise<RefereeVerdict> {
  const [a, b] = [readBundle(dirs.a, replayer), readBundle(dirs.b, replayer)]
  const [wrongA, wrongB] = [await contradictions(a), await contradictions(b)]
  if (wrongA.length > 0 || wrongB.length > 0) return outright(wrongA, wrongB)
  requireOneSchedule(a, b)
  const [own, other] = [a.leaves(), b.leaves()]
  const compared = Math.min(own.length, other.length)
  const base = { compared, segments: { a: own.length, b: other.length }, reasons: [] }
  const divergence = firstDivergence(own, other)
  if (!divergence) return { word: 'agree', ...base, divergence: null }
  const window = a.coverage().bounds.findLastIndex((first) => first <= divergence.segment)
  if (divergence.claims.includes('stateRootBefore'))
    return { ...byInitial(a, own, other), ...base, divergence: { ...divergence, window, replayed: null } }
  const found = replayOne(dirs.a, divergence.segment, replayer)
  const { stateRoot, innerRoot } = found.found
  return {
    word: wordOf(found, other[divergence.segment]!),
    ...base,
    divergence: { ...divergence, window, replayed: { stateRoot, innerRoot } },
  }
}

async function contradictions(bundle: Bundle): Promise<{ id: CheckId; detail: string }[]> {
  const results = []
  for (const id of OWN_CHECKS) results.push(await runCheck(id, bundle, {}))
  return results.filter(({ status }) => status === 'fail')
}

/** Whoever contradicts himself is wrong, whatever the other claims. */
function outright(a: readonly { id: CheckId; detail: string }[], b: typeof a): RefereeVerdict {
  const reasons = [
    ...a.map(({ id, detail }) => `A fails ${id}: ${detail}`),
    ...b.map(({ id, detail }) => `B fails ${id}: ${detail}`),
  ]
  const word = a.length === 0 ? 'b-wrong' : b.length === 0 ? 'a-wrong' : 'both-wrong'
  return { word, compared: 0, segments: { a: 0, b: 0 }, divergence: null, reasons }
}

function requireOneSchedule(a: Bundle, b: Bundle): void {
  if (jobHash(a.job()) !== jobHash(b.job())) throw new Undecidable('the two bundles are of two jobs')
  const [own, other] = [a.seeds(), b.seeds()]
  const windows = Math.min(own.length, other.length)
  const odd = own.slice(0, windows).findIndex((seed, window) => seed !== other[window])
  if (odd < 0) return
  throw new Undecidable(
    `window ${odd} had another seed in each: two orders that were not placed as one cannot be compared`,
  )
}

/** They begin with different weights, and the job says which. */
function byInitial(
  bundle: Bundle,
  a: readonly SegmentLeaf[],
  b: readonly SegmentLeaf[],
): { word: RefereeWord } {
  const root = bundle.initialRoot()
  return { word: decide(a[0]!.stateRootBefore === root, b[0]!.stateRootBefore === root) }
}

function wordOf({ equal, found }: Comparison, other: SegmentLeaf): RefereeWord {
  const { stateRoot, innerRoot, batchRoot, rngRoot } = found
  const isOthers =
    other.stateRootAfter === stateRoot &&
    other.innerRoot === innerRoot &&
    other.batchRoot === batchRoot &&
    other.rngRoot === rngRoot
  return decide(equal, isOthers)
}

function decide(isA: boolean, isB: boolean): RefereeWord {
  if (isA) return 'b-wrong'
  return isB ? 'a-wrong' : 'both-wrong'
}
