import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { rawCid } from '@trainyard/verifier/content/rawCid.ts'
import { jobHash } from '@trainyard/verifier/job.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import type { AuditFacts } from '@trainyard/verifier/watch/auditFacts.ts'
import { fetchJob } from '@trainyard/verifier/watch/fetchJob.ts'
import { expect, test } from 'vitest'
import { bundleParts } from '../../helpers/honestBundle.ts'
import { imageJobOf } from '../../helpers/imageBundle.ts'

const parts = await bundleParts()
const job = imageJobOf(parts.job)
const blocks = new Map([
  [rawCid(jobHash(job)), canonicalBytes(job)],
  [job.data.train.cid, parts.train],
  [job.data.heldOut.cid, parts.heldOut],
])
const content = { get: async (cid: string) => blocks.get(cid)! }

/** As far as fetchJob looks at them. */
function factsIn(hardwareClass: string): AuditFacts {
  const terms = { ...parts.order.terms, jobHash: jobHash(job) }
  return {
    orderId: 7n,
    hardwareClass: hardwareClassOf(hardwareClass),
    order: { terms },
  } as unknown as AuditFacts
}

test('default: an image’s job comes with its files as the program reads them', async () => {
  const found = await fetchJob(factsIn('x86-64'), content)
  expect(found).toMatchObject({ kind: 'job', job, files: { train: parts.train, heldOut: parts.heldOut } })
})

test('error: in the class canonical the seller should have refused it', async () => {
  const found = await fetchJob(factsIn('canonical'), content)
  expect(found).toEqual({
    kind: 'invalid',
    reason: expect.stringMatching(/no machine of the class canonical/),
  })
})
