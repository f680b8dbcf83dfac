import { expect, test } from 'vitest'
import { fuzzBundles } from './fuzzBundles.ts'

const INPUTS = 60
const LIMIT_MS = 20_000

test('behavior: a bundle of which one file is another is invalid, and verifying it ends', async () => {
  expect(await fuzzBundles(INPUTS, 5, LIMIT_MS)).toMatchObject({ inputs: INPUTS })
}, 120_000)
