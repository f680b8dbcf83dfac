import { configDefaults, defineConfig } from 'vitest/config'

/** `*.deep.test.ts` take many minutes: `npm run test:deep` sets TRAINYARD_DEEP. */
const deep = process.env.TRAINYARD_DEEP ? [] : ['test/**/*.deep.test.ts']

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...deep],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
