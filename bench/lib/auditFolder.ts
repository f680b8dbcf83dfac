// Audits every segment of a folder that trainFolder made: `node auditFolder.ts FOLDER` prints the segments refused.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import { parseJob } from '@trainyard/verifier/job.ts'
import type { SegmentLeaf } from '@trainyard/verifier/segment.ts'
import { auditSegment } from '@trainyard/verifier/watch/auditSegment.ts'
import { readState } from '@trainyard/verifier/watch/readState.ts'
import { openRerun } from '@trainyard/verifier/watch/rerun.ts'

const folder = process.argv[2]!
const bytes = (...path: string[]) => new Uint8Array(readFileSync(join(folder, ...path)))
const text = (name: string) => new TextDecoder().decode(bytes(name))
const job = parseJob(bytes('spec.json'))
const files = { train: bytes('data', 'train.safetensors'), heldOut: bytes('data', 'heldOut.safetensors') }
const seeds = JSON.parse(text('seeds.json')) as Hex[]
const rerun = openRerun({ job, data: readDataSet(files.train), seeds, files }, () => {
  throw new Error('a canonical job runs in no image')
})
const refused: { segment: number; reason: string | undefined }[] = []
for (const leaf of JSON.parse(text('leaves.json')) as SegmentLeaf[]) {
  const served = bytes('out', 'checkpoints', `${leaf.firstStep}`, 'state.safetensors')
  const before = readState(served, leaf.stateRootBefore, leaf.firstStep, job)
  const { report } = await auditSegment({ rerun, leaf, before })
  if (report.verdict !== 'pass') refused.push({ segment: leaf.segment, reason: report.reason })
}
process.stdout.write(JSON.stringify(refused))
