import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  isFlagged,
  SCREEN_IDS,
  type ScreenId,
  type ScreenResult,
} from '@trainyard/verifier/screens/screenRun.ts'
import { screens } from '@trainyard/verifier/screens/screens.ts'
import type { Run } from '../test/verifier/redteam/attack.ts'
import { trainingAttacks } from '../test/verifier/redteam/attacks.ts'
import { openWorld, randomOf, type Size, SMALL, type World } from '../test/verifier/redteam/world.ts'
import { screenRunOf } from '../test/verifier/screens/screenRunOf.ts'
import { digitsFolder } from './lib/digits.ts'
import { type Figure, round } from './lib/figure.ts'

const CALIBRATION_RUNS = 120
const FRESH_RUNS = 120
const ATTACK_RUNS = 10

/** Thresholds in verifier/src/screens were set by the first half of these runs; errors are counted on the others. */
export async function measure(): Promise<Figure> {
  const calibration = await honestResults(1_000, CALIBRATION_RUNS)
  const fresh = await honestResults(5_000, FRESH_RUNS)
  const flagged = fresh.filter((results) => results.some(isFlagged)).length
  const rows = SCREEN_IDS.map((id) => [id, rowOf(id, calibration, fresh)])
  return {
    figure: 'screens',
    value: flagged,
    unit: `of ${FRESH_RUNS} honest runs flagged by any screen`,
    reference: 'none',
    ratio: round(flagged / FRESH_RUNS),
    goal: '<= 5 %',
    met: flagged / FRESH_RUNS <= 0.05,
    detail: {
      calibrationRuns: CALIBRATION_RUNS,
      screens: Object.fromEntries(rows),
      seen: await attacksSeen(),
    },
  }
}

function rowOf(id: ScreenId, calibration: readonly ScreenResult[][], fresh: readonly ScreenResult[][]) {
  const of = (results: readonly ScreenResult[][]) =>
    results.flatMap((all) => all.filter(({ screen, statistic }) => screen === id && statistic !== null))
  const known = of(calibration).map(({ statistic }) => statistic!)
  const sorted = known.sort((a, b) => a - b)
  const at = (share: number) => round(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN)
  return {
    threshold: of(fresh)[0]?.threshold ?? null,
    median: at(0.5),
    quantile95: at(0.95),
    largest: at(1),
    falseAlarms: `${of(fresh).filter(isFlagged).length} of ${of(fresh).length}`,
  }
}

/** By attack, the screens that flag it, and in how many of its runs. */
async function attacksSeen(): Promise<Record<string, Record<string, string>>> {
  const seen: Record<string, Record<string, string>> = {}
  for (const attack of trainingAttacks) {
    const counts = new Map<string, number>()
    for (let i = 0; i < ATTACK_RUNS; i++) {
      const world = await openWorld(sizeOf(3_000 + i), 3_000 + i)
      const own = screenedBy(world, await attack.run(world)).filter(isFlagged)
      for (const { screen } of own) counts.set(screen, (counts.get(screen) ?? 0) + 1)
    }
    seen[attack.name] = Object.fromEntries(
      [...counts].map(([screen, n]) => [screen, `${n} of ${ATTACK_RUNS}`]),
    )
  }
  return seen
}

async function honestResults(firstSeed: number, runs: number): Promise<ScreenResult[][]> {
  const all: ScreenResult[][] = []
  for (let i = 0; i < runs; i++) {
    const world = await openWorld(sizeOf(firstSeed + i), firstSeed + i)
    all.push(screenedBy(world, world.honest))
  }
  return all
}

function screenedBy(world: World, run: Run): ScreenResult[] {
  const shown = screenRunOf(world, run)
  return SCREEN_IDS.map((id) => screens[id](shown))
}

/** Every other run learns digits; rates, widths, batches and windows differ. */
function sizeOf(seed: number): Size {
  const random = randomOf(`size ${seed}`)
  const one = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!
  const isDigits = seed % 2 === 0
  const hidden = one([[12], [24], [48], [24, 16]])
  return {
    ...SMALL,
    layers: isDigits ? [256, ...hidden, 10] : [16, ...hidden, 4],
    batchSize: one([8, 16, 32]),
    learningRate: one([0.01, 0.02, 0.05, 0.1]),
    stepsPerSegment: one([4, 8, 16]),
    segmentsPerWindow: one([4, 5, 8, 10]),
    ...(isDigits ? { files } : {}),
  }
}

const files = {
  train: new Uint8Array(readFileSync(join(digitsFolder, 'train.safetensors'))),
  heldOut: new Uint8Array(readFileSync(join(digitsFolder, 'heldOut.safetensors'))),
}
