import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Small files come last, so those of minutes that are mostly waiting are begun first: else everything waits for them in the end. */
const LONG = /\/(acala|wireFaults|killedSending|killed|client\/refereed|client\/drand)\.test\.ts$/

class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const sorted = await super.sort(files)
    const waits = ({ moduleId }: TestSpecification) => LONG.test(moduleId)
    return [...sorted.filter(waits), ...sorted.filter((file) => !waits(file))]
  }
}

/** `*.deep.test.ts` take many minutes: `npm run test:deep` sets TRAINYARD_DEEP. */
const deep = process.env.TRAINYARD_DEEP ? [] : ['test/**/*.deep.test.ts']

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...deep],
    sequence: { sequencer: WaitingFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // One more than .ci/run has cores: much of a test is waiting for blocks.
    maxWorkers: 3,
    // Where every part is required (.ci/run) 1,000 tests share two cores with a chain, an engine and a browser: one that
    // fails is run once more, and scripts/test.ts names it at the end. By hand nothing is run twice.
    retry: process.env.TRAINYARD_REQUIRE ? 1 : 0,
  },
})
