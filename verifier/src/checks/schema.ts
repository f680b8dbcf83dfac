import { parseInner } from '../bundle/inner.ts'
import { MANIFEST } from '../bundle/manifest.ts'
import { orderRecordSchema } from '../bundle/orderRecord.ts'
import { bundlePaths, coverageOf, PATHS } from '../bundle/paths.ts'
import { type Bundle, MAX_ORDER_BYTES } from '../bundle/read.ts'
import { InputInvalid } from '../errors.ts'
import { parseEvidence } from '../evidence.ts'
import { jobSchema, MAX_JOB_BYTES } from '../job.ts'
import { parseCanonicalJson } from '../json.ts'
import { type Finding, fail } from '../verdict.ts'

/** Every JSON file has its schema's form and its own place, and the set of files is the one the order needs. */
export function checkSchema(bundle: Bundle): Finding[] {
  const { listing, bytes } = bundle
  const job = parseCanonicalJson(bytes(PATHS.job), jobSchema, PATHS.job, MAX_JOB_BYTES)
  const order = parseCanonicalJson(bytes(PATHS.order), orderRecordSchema, PATHS.order, MAX_ORDER_BYTES)
  const coverage = coverageOf(job, order)
  const findings: Finding[] = []

  const wanted = new Set([MANIFEST, ...bundlePaths(job, order)])
  for (const path of wanted) if (!listing.files.has(path)) findings.push(fail(`${path} is missing`))
  for (const path of listing.files.keys())
    if (!wanted.has(path)) findings.push(fail(`${path} has no place here`))
  if (findings.length > 0) return findings

  order.windows.forEach((_, index) => {
    findings.push(...problemIn(PATHS.window(index), () => evidenceProblem(bundle, order.orderId, index)))
  })
  for (let segment = 0; segment < coverage.segments; segment++) {
    findings.push(
      ...problemIn(PATHS.inner(segment), () => {
        return parseInner(bytes(PATHS.inner(segment))).segment === segment ? null : 'is of another segment'
      }),
    )
  }
  if ((job.resumeFrom === undefined) !== (order.resumed === undefined)) {
    findings.push(fail(`${PATHS.job} and ${PATHS.order} differ in whether it resumes another order`))
  }
  if (order.drawn.some((segment) => segment >= coverage.segments)) {
    findings.push(fail(`${PATHS.order}: drawn names a segment that was not committed`))
  }
  return findings
}

function evidenceProblem(bundle: Bundle, orderId: string, index: number): string | null {
  const evidence = parseEvidence(bundle.bytes(PATHS.window(index)))
  return evidence.orderId === orderId && evidence.window === index ? null : 'is of another order or window'
}

function problemIn(path: string, find: () => string | null): Finding[] {
  try {
    const problem = find()
    return problem ? [fail(`${path} ${problem}`)] : []
  } catch (error) {
    if (error instanceof InputInvalid) return [fail(`${path}: ${error.message}`)]
    throw error
  }
}
