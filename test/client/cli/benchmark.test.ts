import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { figureOf } from '../../../client/src/cli/benchmark/figure.ts'
import { benchmarkCommand } from '../../../client/src/cli/benchmarkCommand.ts'
import { readConfig } from '../../../client/src/config/readConfig.ts'
import { type Rig, startRig } from '../rig/startRig.ts'
import { fakeRim } from './fakeRim.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 }) // it measures for some seconds

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.stop())

test('default: figures with their spread, dated and kept; it says that it is no score', async () => {
  const { config } = await rig.seller('measured')
  const { rim, answers } = fakeRim()
  await benchmarkCommand({ config, json: true }, rim)
  const [answer] = answers as [{ figures: { id: string; lowest: number; median: number; highest: number }[] }]
  expect(answer).toMatchObject({ note: expect.stringContaining('not the score'), leftOut: [] })
  expect(answer.figures.map(({ id }) => id)).toEqual([
    'training',
    'matrix',
    'memory',
    'hashing',
    'disk',
    'storePut',
    'storeGet',
  ])
  for (const { lowest, median, highest } of answer.figures) {
    expect(lowest).toBeGreaterThan(0)
    expect(median).toBeGreaterThanOrEqual(lowest)
    expect(highest).toBeGreaterThanOrEqual(median)
  }
  const { dataDir } = await readConfig(config)
  const kept = (await readFile(join(dataDir, 'benchmarks.jsonl'), 'utf8')).trimEnd().split('\n')
  expect(kept.map((line) => JSON.parse(line))).toEqual([answer])
})

test('figureOf: the middle one, or the middle of the middle two', () => {
  const about = { id: 'disk', unit: 'MB/s', what: '' } as const
  expect(figureOf(about, [3, 1, 2])).toMatchObject({ lowest: 1, median: 2, highest: 3, runs: 3 })
  expect(figureOf(about, [4, 1])).toMatchObject({ median: 2.5 })
  expect(() => figureOf(about, [])).toThrow(RangeError)
})
