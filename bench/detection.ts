import type { Attack } from '../test/verifier/redteam/attack.ts'
import { poisonedSegments } from '../test/verifier/redteam/attacks/poisonedSegments.ts'
import { claimAttacks, trainingAttacks } from '../test/verifier/redteam/attacks.ts'
import { type AuditRoom, openAuditRoom, wrongIn } from '../test/verifier/redteam/audit.ts'
import { computedAcceptance, missedDraws, termsOf } from '../test/verifier/redteam/detection.ts'
import { serve } from '../test/verifier/redteam/serve.ts'
import { openWorld, type Size, SMALL, type World } from '../test/verifier/redteam/world.ts'
import { type Figure, round } from './lib/figure.ts'

const SEEDS = 20
const DRAWS = 1000
const CURVE_DRAWS = 20_000
/** One count in 15,000 lies this far from what was computed by chance alone. */
const DEVIATIONS = 4
const LONG: Size = { ...SMALL, segments: 320, segmentsPerWindow: 32 }
const FAKED = [1, 3, 16, 32, 64, 96]
const QS = [10, 20, 30]
const REROLLS = [0, 1, 2, 3]

/**
 * Every attack of the red team under 20 seeds: its run is served, audited in every segment by the auditor's own code,
 * and drawn from with the contracts' arithmetic. Counts attacks that draws miss more often than computed, and honest
 * segments that an auditor refuses. Then the curve over the share faked, and what re-rolling a draw would buy.
 */
export async function measure(): Promise<Figure> {
  const room = await openAuditRoom()
  try {
    const worlds: World[] = []
    for (let seed = 0; seed < SEEDS; seed++) worlds.push(await openWorld(SMALL, 1000 + seed))
    const honest = await honestOf(room, worlds)
    const attacks: Counted[] = []
    for (const attack of [...trainingAttacks, ...claimAttacks])
      attacks.push(await countOf(room, worlds, attack))
    const curve = await curveOf(room)
    const all = [...attacks, ...curve.points]
    const beyond = all.filter(({ deviations }) => deviations > DEVIATIONS).length
    const unlike = all.filter(({ deviations }) => Math.abs(deviations) > DEVIATIONS).length
    return {
      figure: 'detection',
      value: beyond,
      unit: 'attacks accepted more often than computed',
      reference: 'OVIG 0 % attack success (published, another setting)',
      ratio: beyond,
      goal: '0 of >= 12 attacks x 20 seeds; 0 honest segments refused',
      met:
        beyond === 0 && unlike === 0 && honest.refused === 0 && attacks.every(({ asExpected }) => asExpected),
      detail: {
        attacks: attacks.length,
        seeds: SEEDS,
        drawsEach: SEEDS * DRAWS,
        honest,
        curveUnlikeComputed: unlike,
        largestDeviation: round(Math.max(...all.map(({ deviations }) => Math.abs(deviations))), 2),
        perAttack: attacks.map(({ name, wrongShare, computed, measured, asExpected }) => {
          return { name, wrongShare, computed, measured, asExpected }
        }),
        curve,
      },
    }
  } finally {
    await room.close()
  }
}

type Counted = {
  name: string
  /** of all segments, those refused */
  wrongShare: number
  /** chance that a draw misses it, mean over seeds */
  computed: number
  measured: number
  deviations: number
  /** exactly the segments that it fakes were refused, under every seed */
  asExpected: boolean
}

async function honestOf(room: AuditRoom, worlds: readonly World[]) {
  let refused = 0
  for (const world of worlds) {
    refused += wrongIn(await room.audit(world, await serve(world, world.honest))).length
  }
  return { segments: worlds.length * SMALL.segments, refused }
}

async function countOf(room: AuditRoom, worlds: readonly World[], attack: Attack): Promise<Counted> {
  let [missed, expected, variance, wrongs] = [0, 0, 0, 0]
  let asExpected = true
  for (const world of worlds) {
    const wrong = wrongIn(await room.audit(world, await serve(world, await attack.run(world))))
    asExpected &&= String(wrong) === String([...attack.wrong(world)].sort((a, b) => a - b))
    const chance = computedAcceptance(termsOf(world), wrong)
    missed += missedDraws(termsOf(world), wrong, DRAWS, `${attack.name} ${world.seed}`)
    expected += DRAWS * chance
    variance += DRAWS * chance * (1 - chance)
    wrongs += wrong.length
  }
  const total = worlds.length * DRAWS
  return {
    name: attack.name,
    wrongShare: round(wrongs / (worlds.length * SMALL.segments)),
    computed: round(expected / total, 5),
    measured: round(missed / total, 5),
    deviations: deviationsOf(missed - expected, variance),
    asExpected,
  }
}

/** Certain outcomes must be met exactly. */
function deviationsOf(difference: number, variance: number): number {
  if (variance > 1e-9) return difference / Math.sqrt(variance)
  return Math.abs(difference) < 1e-9 ? 0 : Math.sign(difference) * 1e9
}

/** Chance of being missed over the share faked, N = 320, as computed and as counted. */
async function curveOf(room: AuditRoom) {
  const world = await openWorld(LONG, 5000)
  const points: (Pick<Counted, 'computed' | 'measured' | 'deviations'> & { faked: number; q: number })[] = []
  const rerolled: { rerolls: number; computed: number; measured: number }[] = []
  for (const faked of FAKED) {
    const attack = poisonedSegments(`${faked} poisoned segments`, () => faked)
    const wrong = wrongIn(await room.audit(world, await serve(world, await attack.run(world))))
    for (const q of QS) {
      const terms = { ...termsOf(world), draws: q }
      const chance = computedAcceptance(terms, wrong)
      const missed = missedDraws(terms, wrong, CURVE_DRAWS, `curve ${faked} ${q}`)
      points.push({
        faked,
        q,
        computed: round(chance),
        measured: round(missed / CURVE_DRAWS),
        deviations: deviationsOf(missed - CURVE_DRAWS * chance, CURVE_DRAWS * chance * (1 - chance)),
      })
    }
    if (faked === FAKED.at(-1)) rerolled.push(...REROLLS.map((rerolls) => rerollOf(world, wrong, rerolls)))
  }
  return { segments: LONG.segments, draws: CURVE_DRAWS, points, rerolled }
}

/** What a producer of blocks gains who can throw away `rerolls` draws and keeps the first that misses. */
function rerollOf(world: World, wrong: readonly number[], rerolls: number) {
  const terms = termsOf(world)
  const tries = 4000
  let missed = 0
  for (let i = 0; i < tries; i++) {
    const draws = Array.from({ length: rerolls + 1 }, (_, r) =>
      missedDraws(terms, wrong, 1, `reroll ${i} ${r}`),
    )
    if (draws.includes(1)) missed++
  }
  const computed = 1 - (1 - computedAcceptance(terms, wrong)) ** (rerolls + 1)
  return { rerolls, computed: round(computed), measured: round(missed / tries) }
}
