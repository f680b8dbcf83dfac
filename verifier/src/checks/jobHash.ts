import type { Bundle } from '../bundle/read.ts'
import { jobHash } from '../job.ts'
import { modeOf } from '../modeOf.ts'
import { type Finding, fail } from '../verdict.ts'

/** The job is the one that was ordered, and the order's terms repeat its numbers. */
export function checkJobHash(bundle: Bundle): Finding[] {
  const job = bundle.job()
  const { terms, ...order } = bundle.order()
  const hash = jobHash(job)
  const findings: Finding[] = []
  if (order.jobHash !== hash) findings.push(fail(`the order names job ${order.jobHash}, this is ${hash}`))
  const pairs = [
    ['jobHash', terms.jobHash, hash],
    ['steps', terms.steps, job.steps],
    ['stepsPerSegment', terms.stepsPerSegment, job.stepsPerSegment],
    ['segmentsPerWindow', terms.segmentsPerWindow, job.segmentsPerWindow],
    ['draws', terms.draws, job.proof.draws],
    ['mode', terms.mode, modeOf(job)],
  ] as const
  for (const [name, agreed, own] of pairs) {
    if (agreed !== own) findings.push(fail(`terms.${name} is ${agreed}, the job has ${own}`))
  }
  return findings
}
