import type { OrderRecord } from '../bundle/orderRecord.ts'
import type { Bundle } from '../bundle/read.ts'
import { type Finding, fail } from '../verdict.ts'
import { drandProblems } from './drandProblems.ts'

/**
 * Each window's seed came from a beacon that nobody knew before window w-2 was committed, that was known when
 * window w was, and that the leaves name. A drand round's signature is the network's.
 */
export function checkSeeds(bundle: Bundle): Finding[] {
  const order = bundle.order()
  const { bounds } = bundle.coverage()
  const leaves = bundle.leaves()
  const findings: Finding[] = []
  order.windows.forEach(({ beacon, beaconBlock, blockNumber }, window) => {
    const say = (problem: string) => findings.push(fail(`window ${window}: ${problem}`))
    const previous = order.windows[window - 1]
    if (/^0x0*$/.test(beacon)) say('its beacon is not known')
    for (const problem of order.drand ? drandProblems(order, window) : blockProblems(order, window))
      say(problem)
    if (previous && blockNumber < previous.blockNumber) say('committed before the window before it')
    const what = order.drand ? 'round' : 'beacon block'
    for (let segment = bounds[window]!; segment < bounds[window + 1]!; segment++) {
      const round = leaves[segment]!.beaconRound
      if (round !== beaconBlock) say(`segment ${segment} names ${what} ${round}, not ${beaconBlock}`)
    }
  })
  return findings
}

/** Of a refereed order either of the two may have anchored it, so the block may be an older one. */
function blockProblems({ windows, twin }: OrderRecord, window: number): string[] {
  const { beaconBlock, blockNumber } = windows[window]!
  const earlier = windows[window - 2]
  const problems: string[] = []
  if (beaconBlock >= blockNumber) problems.push('committed before its beacon was known')
  if (earlier && twin === undefined && beaconBlock <= earlier.blockNumber)
    problems.push(`its beacon is older than window ${window - 2}`)
  return problems
}
