import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyBundle } from '@trainyard/verifier/bundle/verify.ts'
import { type BundleParts, writeBundle } from '@trainyard/verifier/bundle/write.ts'
import type { CanonicalJob } from '@trainyard/verifier/job.ts'
import { recomputeTrace } from '@trainyard/verifier/order/recomputeTrace.ts'
import { afterAll, expect, test } from 'vitest'
import { bundleParts } from '../../helpers/honestBundle.ts'

const dir = mkdtempSync(join(tmpdir(), 'trainyard-recompute-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

test('default: of an honest order, all that only its seller has is computed to the byte', async () => {
  const parts = await bundleParts()
  expect({ ...parts, ...recomputed(parts) }).toEqual(parts)
})

test.for([{ windows: 3 }, { windows: 2 }])(
  'behavior: a seller that is silent after fraud is found out: $windows windows',
  async ({ windows }) => {
    const parts = await bundleParts({
      windows,
      replay: (segment, run) => {
        if (segment !== 3) return run
        const params = run.state.params.map((values) => values.map((value) => value + 1e-4))
        return { ...run, state: { ...run.state, params }, stateRoot: `0x${'77'.repeat(32)}` }
      },
    })
    const bundle = join(dir, String(windows))
    writeBundle(bundle, { ...parts, ...recomputed(parts) })
    const verdict = await verifyBundle(bundle)
    expect(verdict.verdict).toBe('invalid')
    expect(verdict.checks.find(({ id }) => id === 'replay')).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('segment 3 comes to'),
    })
  },
)

const recomputed = (parts: BundleParts) => recomputeTrace(parts, parts.job as CanonicalJob)
