import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Small files come last, so those of minutes that are mostly waiting are begun first, in this order: else everything waits for
 * them in the end. The one on Acala's runtime, which waits least, comes last of these: until then forge takes a processor.
 */
const LONG = ['wireFaults', 'killedSending', 'client/refereed', 'killed', 'client/drand', 'acala']

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const rankOf = ({ moduleId }: TestSpecification) => {
      const rank = LONG.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
      return rank < 0 ? LONG.length : rank
    }
    return (await super.sort(files)).toSorted((a, b) => rankOf(a) - rankOf(b))
  }
}

/** `*.deep.test.ts` take many minutes: `npm run test:deep` sets TRAINYARD_DEEP. */
const deep = process.env.TRAINYARD_DEEP ? [] : ['test/**/*.deep.test.ts']

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...deep],
    sequence: { sequencer: LongFirst },
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
