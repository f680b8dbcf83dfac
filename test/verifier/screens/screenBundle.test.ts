import { readBundle } from '@trainyard/verifier/bundle/read.ts'
import { verifyBundle } from '@trainyard/verifier/bundle/verify.ts'
import { printVerdict } from '@trainyard/verifier/printVerdict.ts'
import { screenBundle } from '@trainyard/verifier/screens/screenBundle.ts'
import { SCREEN_IDS } from '@trainyard/verifier/screens/screenRun.ts'
import { expect, test } from 'vitest'
import { honestBundle } from '../../helpers/honestBundle.ts'

test('default: a verdict has all screens and the all-pass rule', async () => {
  const verdict = await verifyBundle(await honestBundle())
  expect(verdict.screens.map(({ screen }) => screen)).toEqual([...SCREEN_IDS])
  expect(verdict.allPass).toBe(true)
  expect(printVerdict(verdict)).toMatch(/^11 screens: nothing odd\nall drawn segments pass\nvalid$/m)
})

test('behavior: a screen that is raised says where to look, and changes no verdict', async () => {
  const blocks = [20, 30, 31, 45] // the third window within a block
  const dir = await honestBundle({
    job: { steps: 16 },
    order: (order) => ({
      ...order,
      windows: order.windows.map((window, i) => ({ ...window, blockNumber: blocks[i]! })),
    }),
  })
  const verdict = await verifyBundle(dir)
  expect(verdict.verdict).toBe('valid')
  expect(verdict.screens.find(({ screen }) => screen === 'timing')).toMatchObject({ segments: [4, 5] })
  expect(printVerdict(verdict)).toContain('look at segments 4 to 5 (5.00 above 3); no verdict')
})

test('behavior: many windows are thinned; all segments stay covered', async () => {
  const bundle = readBundle(
    await honestBundle({ job: { steps: 120, stepsPerSegment: 1, segmentsPerWindow: 2 } }),
  )
  const results = screenBundle(bundle)
  expect(results.find(({ screen }) => screen === 'loss-continuity')).toMatchObject({ statistic: 0 })
})

test('behavior: a drawn segment that fails ends the all-pass rule', async () => {
  const leaf = { innerRoot: `0x${'12'.repeat(32)}` } as const
  const dir = await honestBundle({ leaf: (own) => (own.segment === 0 ? { ...own, ...leaf } : own) })
  const verdict = await verifyBundle(dir)
  expect([verdict.verdict, verdict.allPass]).toEqual(['invalid', false])
  expect(printVerdict(verdict)).toContain('not all drawn segments pass')
})
