import { PATHS } from '../bundle/paths.ts'
import type { Bundle } from '../bundle/read.ts'
import { addBytes } from '../content/addBytes.ts'
import { windowRoot } from '../segment.ts'
import { type Finding, fail } from '../verdict.ts'

/** The leaves are those whose root, and whose file's CID, was committed. */
export async function checkWindowRoot(bundle: Bundle): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [window, { root, evidence }] of bundle.order().windows.entries()) {
    const found = windowRoot(bundle.evidence(window).leaves)
    if (found !== root)
      findings.push(fail(`window ${window}: its leaves hash to ${found}, committed is ${root}`))
    const { cid } = await addBytes(bundle.bytes(PATHS.window(window)))
    if (cid !== evidence)
      findings.push(fail(`window ${window}: its file is ${cid}, committed is ${evidence}`))
  }
  return findings
}
