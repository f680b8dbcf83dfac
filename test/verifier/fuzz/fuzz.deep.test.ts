import { expect, test } from 'vitest'
import { fuzzBundles } from './fuzzBundles.ts'
import { runFuzz } from './runFuzz.ts'
import { targets } from './targets.ts'

/** One million together. */
const BUNDLES = 5_000
const PER_TARGET = Math.ceil((1_000_000 - BUNDLES) / targets.length)
const LIMIT_MS = 20_000
const MAX_GROWTH_BYTES = 400 * 1024 * 1024
const HOURS_MS = 3 * 3_600_000

const startBytes = process.memoryUsage.rss()

const say = (figures: object) => process.stdout.write(`${JSON.stringify(figures)}\n`)

test.for(targets)(
  `behavior: of ${PER_TARGET} broken $name none passes, none hangs, and memory stays bounded`,
  { timeout: HOURS_MS },
  (target) => {
    const startMs = performance.now()
    const figures = runFuzz(target, PER_TARGET, 77 + target.name.length, LIMIT_MS)
    say({ ...figures, seconds: (performance.now() - startMs) / 1000 })
    expect(figures.rejected + figures.other).toBeGreaterThan(PER_TARGET / 2)
    expect(figures.peakRssBytes - startBytes).toBeLessThan(MAX_GROWTH_BYTES)
  },
)

test(`behavior: of ${BUNDLES} bundles with one file changed none is valid`, {
  timeout: HOURS_MS,
}, async () => {
  const startMs = performance.now()
  const figures = await fuzzBundles(BUNDLES, 9, LIMIT_MS)
  say({ ...figures, seconds: (performance.now() - startMs) / 1000 })
  expect(figures.peakRssBytes - startBytes).toBeLessThan(MAX_GROWTH_BYTES)
})
