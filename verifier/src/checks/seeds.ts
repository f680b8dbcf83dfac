import type { Bundle } from '../bundle/read.ts'
import { type Finding, fail } from '../verdict.ts'

/**
 * Each window's seed came from a beacon that nobody knew before window w-2 was committed, that was known when
 * window w was, and that the leaves name.
 */
export function checkSeeds(bundle: Bundle): Finding[] {
  const { windows } = bundle.order()
  const { bounds } = bundle.coverage()
  const leaves = bundle.leaves()
  const findings: Finding[] = []
  windows.forEach(({ beacon, beaconBlock, blockNumber }, window) => {
    const say = (problem: string) => findings.push(fail(`window ${window}: ${problem}`))
    const earlier = windows[window - 2]
    const previous = windows[window - 1]
    if (/^0x0*$/.test(beacon)) say('its beacon is not known')
    if (beaconBlock >= blockNumber) say('committed before its beacon was known')
    if (earlier && beaconBlock <= earlier.blockNumber) say(`its beacon is older than window ${window - 2}`)
    if (previous && blockNumber < previous.blockNumber) say('committed before the window before it')
    for (let segment = bounds[window]!; segment < bounds[window + 1]!; segment++) {
      const round = leaves[segment]!.beaconRound
      if (round !== beaconBlock) say(`segment ${segment} names beacon block ${round}, not ${beaconBlock}`)
    }
  })
  return findings
}
