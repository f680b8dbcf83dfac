import type { CanonicalJob } from '@trainyard/verifier/job.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { parseAnyJob } from '@trainyard/verifier/rental.ts'
import { describe, expect, it } from 'vitest'
import { checkJob } from '../../../market-ui/web/ordering/checkJob.ts'
import { checkTerms } from '../../../market-ui/web/ordering/checkTerms.ts'
import { type Draft, draftOf, emptyDraft } from '../../../market-ui/web/ordering/draft.ts'
import { sampleJob as sample } from '../sampleJob.ts'

const sampleJob = parseAnyJob(sample.bytes) as CanonicalJob
const program = parseAnyJob(
  canonicalBytes({
    version: 3,
    name: 'render',
    environment: { profile: 'image', image: `sha256:${'ab'.repeat(32)}` },
    command: ['--frames', '9'],
    access: 'private',
    proof: { mode: 'none' },
  }),
)
const draft = { ...emptyDraft(), ...draftOf(program) }

describe('orders without proof in the order form', () => {
  it('default: a job fills the form, and the form makes the same job', () => {
    expect(checkJob(draft, '')).toEqual({ job: program, problems: {} })
    const { trainerHash } = sampleJob.environment
    const training = { ...emptyDraft(), ...draftOf(sampleJob), mode: 'none' }
    expect(checkJob(training, trainerHash).job).toEqual({ ...sampleJob, proof: { mode: 'none' } })
    expect(checkJob({ ...training, mode: 'bitwise' }, trainerHash).job).toEqual(sampleJob)
  })

  it('default: a tolerance has thresholds, and short segments', () => {
    const { trainerHash } = sampleJob.environment
    const near = {
      ...emptyDraft(),
      ...draftOf(sampleJob),
      mode: 'tolerance',
      stepsPerSegment: '10',
      draws: '40',
    }
    const { job, problems } = checkJob(near, trainerHash)
    expect([job?.proof, problems]).toEqual([
      { mode: 'tolerance', draws: 40, e: 0.0002, cosine: 0.00000002 },
      {},
    ])
    expect(draftOf(job!)).toMatchObject({ mode: 'tolerance', farthest: '0.0002', cosine: '2e-8' })
    expect(checkJob({ ...near, stepsPerSegment: '11' }, trainerHash).problems.stepsPerSegment).toContain(
      'at most 10',
    )
    expect(checkJob({ ...near, farthest: '0.5' }, trainerHash).problems.farthest).toBe('at most 0.1')
  })

  it('error: any program with a proof is refused; so is a machine that does not take the mode', () => {
    const refused = checkJob({ ...draft, mode: 'bitwise' } as Draft, '')
    expect(refused.job).toBeUndefined()
    const machine = {
      status: 'ForRent',
      offer: { minSeconds: 1, maxSeconds: 3_600 },
      proofModes: ['Bitwise'],
    }
    const problemOf = (mode: string) => checkTerms({ ...draft, mode }, machine as never).problems.machineId
    expect(problemOf('none')).toContain('does not take')
    expect(problemOf('bitwise')).toBeUndefined()
  })
})
