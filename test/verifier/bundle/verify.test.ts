import { verifyBundle } from '@trainyard/verifier/bundle/verify.ts'
import { bundleFiles } from '@trainyard/verifier/bundle/write.ts'
import { expect, test } from 'vitest'
import { bundleParts, honestBundle } from '../../helpers/honestBundle.ts'

test('default', async () => {
  const verdict = await verifyBundle(await honestBundle())
  expect(verdict.checks.filter(({ status }) => status !== 'pass')).toEqual([
    { id: 'chain', status: 'not-compared', detail: 'not compared with a chain (--rpc)' },
  ])
  expect(verdict).toMatchObject({ verdict: 'valid', segments: 5, steps: 10 })
  expect(verdict.accuracy).toBeGreaterThanOrEqual(0)
})

test('behavior: a run that stopped after two windows is valid for what it covers', async () => {
  const verdict = await verifyBundle(await honestBundle({ windows: 2 }))
  expect(verdict).toMatchObject({ verdict: 'valid', segments: 4, steps: 8, accuracy: null })
})

test('behavior: what a stopped run did after its last commitment is left out', async () => {
  const parts = await bundleParts({ windows: 2 })
  const { progress } = await bundleParts()
  const files = bundleFiles({ ...parts, progress })
  expect(files.get('progress.jsonl')).toEqual(parts.progress)
})

test('behavior: a job for another trainer stays undecided', async () => {
  const environment = { profile: 'canonical', trainerHash: `0x${'ab'.repeat(32)}` } as const
  const verdict = await verifyBundle(await honestBundle({ job: { environment } }))
  expect(verdict.verdict).toBe('undecided')
  expect(verdict.checks.filter(({ status }) => status === 'undecided').map(({ id }) => id)).toEqual([
    'init',
    'batch',
    'replay',
    'inner',
    'model',
    'metrics',
  ])
})
