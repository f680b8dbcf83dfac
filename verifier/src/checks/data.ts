import { PATHS } from '../bundle/paths.ts'
import type { Bundle } from '../bundle/read.ts'
import { readDataSet } from '../canonical/dataSet.ts'
import { checkFit } from '../canonical/workspace.ts'
import { addBytes } from '../content/addBytes.ts'
import { type Finding, fail } from '../verdict.ts'

/** The data files are those whose CIDs the job names, and fit the canonical trainer's model. */
export async function checkData(bundle: Bundle): Promise<Finding[]> {
  const job = bundle.job()
  const { data } = job
  const findings: Finding[] = []
  for (const [path, { cid }] of [
    [PATHS.train, data.train],
    [PATHS.heldOut, data.heldOut],
  ] as const) {
    const bytes = bundle.bytes(path)
    const found = await addBytes(bytes)
    if (found.cid !== cid) findings.push(fail(`${path} is ${found.cid}, the job names ${cid}`))
    const set = readDataSet(bytes)
    if (job.version === 1) checkFit(job.model.layers, set)
  }
  return findings
}
