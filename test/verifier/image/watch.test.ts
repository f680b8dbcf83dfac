import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildLeaf } from '@trainyard/verifier/buildLeaf.ts'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { writeSafetensors } from '@trainyard/verifier/canonical/safetensors.ts'
import { checkpointRoot } from '@trainyard/verifier/checkpointRoot.ts'
import type { ImageOutput } from '@trainyard/verifier/image/replayFolder.ts'
import { readImageState } from '@trainyard/verifier/jobState.ts'
import { auditSegment } from '@trainyard/verifier/watch/auditSegment.ts'
import { createStretchRunner } from '@trainyard/verifier/watch/createStretchRunner.ts'
import { NotYet } from '@trainyard/verifier/watch/NotYet.ts'
import { openRerun } from '@trainyard/verifier/watch/rerun.ts'
import { afterAll, expect, test } from 'vitest'
import { bundleParts } from '../../helpers/honestBundle.ts'
import { imageJobOf, standInReplayer } from '../../helpers/imageBundle.ts'

const TIMEOUT_MS = 60_000
const parts = await bundleParts()
const job = imageJobOf(parts.job)
const data = readDataSet(parts.train)
const seeds = ['a1', 'b2', 'c3'].map((digits) => `0x${digits.repeat(32)}`)
const parent = mkdtempSync(join(tmpdir(), 'trainyard-image-watch-'))
afterAll(() => rmSync(parent, { recursive: true, force: true }))

function auditor(how: Parameters<typeof standInReplayer>[0], giveUpInMs = TIMEOUT_MS) {
  const runs = new Map<string, Promise<ImageOutput>>()
  const replayer = standInReplayer(how)
  const runStretch = () =>
    createStretchRunner({ replayer, parent, runs, giveUpAtMs: Date.now() + giveUpInMs })
  return { runs, rerun: openRerun({ job, data, seeds, files: parts }, runStretch()), runStretch }
}

test(
  'default: what the image gives passes, and nothing else does',
  async () => {
    const { rerun, runs } = auditor('honest')
    const before = await rerun.initial()
    const after = await rerun.replay(before, 0)
    expect(runs.size).toBe(1) // the first segment's run also says what training begins with
    if ('params' in before || 'params' in after.state) throw new Error('these are states of an image')
    const [start, end] = [writeSafetensors(before.tensors), writeSafetensors(after.state.tensors)]
    const leaf = buildLeaf({
      ...{ job, data, seeds, orderId: '1', seller: `0x${'aa'.repeat(20)}`, segment: 0 },
      ...{ stateRootBefore: checkpointRoot(start), after: end, inner: after.inner, beaconRound: 3 },
    })
    const audit = async (change: object) =>
      (await auditSegment({ rerun, leaf: { ...leaf, ...change }, before: { kind: 'state', state: before } }))
        .report
    expect(await audit({})).toMatchObject({ verdict: 'pass' })
    const reasons = {
      stateRootAfter: 'the state after it',
      innerRoot: 'losses or gradient norms',
      batchRoot: 'the batches',
      rngRoot: 'the data cursor',
    }
    for (const [field, reason] of Object.entries(reasons)) {
      expect(await audit({ [field]: `0x${'77'.repeat(32)}` })).toMatchObject({
        verdict: 'fail',
        reason: `the replay differs in ${reason}`,
      })
    }
    const next = await rerun.replay(readImageState(end), 1)
    expect(next.state).toMatchObject({ step: 4, epoch: 1, cursor: 2 })
  },
  TIMEOUT_MS,
)

test(
  'behavior: a job that refuses a state fails it, a container that cannot run says nothing',
  async () => {
    const leaf = { ...parts.evidence[0]!.leaves[1]! }
    const before = { kind: 'state', state: readImageState(parts.checkpoints.get(4)!) } as const
    const refused = await auditSegment({ rerun: auditor('refuses').rerun, leaf, before })
    expect(refused.report).toMatchObject({ verdict: 'fail' })
    expect(refused.report.reason).toMatch(/the job fails there/)
    await expect(auditSegment({ rerun: auditor('breaks').rerun, leaf, before })).rejects.toThrow(NotYet)
    expect(readdirSync(parent)).toEqual([])
  },
  TIMEOUT_MS,
)

test(
  'behavior: a run that is not done in time goes on for the next try',
  async () => {
    const first = auditor('waits', -TIMEOUT_MS)
    await expect(first.rerun.initial()).rejects.toThrow(/not done yet/)
    writeFileSync(join(parent, 'go'), '')
    await Promise.all(first.runs.values())
    const second = openRerun({ job, data, seeds, files: parts }, first.runStretch())
    expect(await second.initial()).toMatchObject({ step: 0 })
    expect(readFileSync(join(parent, 'started'), 'utf8')).toBe('.')
  },
  TIMEOUT_MS,
)
