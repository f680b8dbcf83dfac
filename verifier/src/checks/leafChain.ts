import type { Bundle } from '../bundle/read.ts'
import { jobSchedule } from '../job.ts'
import { NO_INPUTS, type SegmentLeaf } from '../segment.ts'
import { type Finding, fail } from '../verdict.ts'

/** Leaves are this order's, cover every step once and in order, and each begins where the one before ended. */
export function checkLeafChain(bundle: Bundle): Finding[] {
  const { orderId, seller, windows } = bundle.order()
  const { bounds } = bundle.coverage()
  const schedule = jobSchedule(bundle.job())
  const findings: Finding[] = []
  let before: SegmentLeaf | undefined
  windows.forEach(({ segments, lastStateRoot }, window) => {
    const { leaves } = bundle.evidence(window)
    if (leaves.length !== segments) {
      findings.push(fail(`window ${window} has ${leaves.length} leaves, not ${segments}`))
    }
    for (const [i, leaf] of leaves.entries()) {
      const segment = bounds[window]! + i
      const say = (problem: string) => findings.push(fail(`segment ${segment}: ${problem}`))
      if (leaf.segment !== segment || segment >= schedule.segments) {
        say(`its leaf is of segment ${leaf.segment}`)
        continue
      }
      const { first, end } = schedule.segmentSteps(segment)
      if (leaf.firstStep !== first || leaf.lastStep !== end) say("its steps are not the schedule's")
      if (leaf.orderId !== orderId) say('its leaf is of another order')
      if (leaf.seller.toLowerCase() !== seller.toLowerCase()) say('its leaf is of another seller')
      if (leaf.inputsRoot !== NO_INPUTS) say('it claims inputs from peers')
      if (before && leaf.stateRootBefore !== before.stateRootAfter)
        say('it does not begin where the last ended')
      before = leaf
    }
    if (leaves.at(-1)!.stateRootAfter !== lastStateRoot) {
      findings.push(fail(`window ${window}: its last leaf is not the state committed`))
    }
  })
  return findings
}
