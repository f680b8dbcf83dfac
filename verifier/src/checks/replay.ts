import type { Bundle } from '../bundle/read.ts'
import { type Finding, fail } from '../verdict.ts'

/** Run again, every segment ends in the state that was claimed, bit for bit. */
export function checkReplay(bundle: Bundle): Finding[] {
  const leaves = bundle.leaves()
  return bundle.replays().flatMap((replay, segment) => {
    if ('unreplayed' in replay) return [fail(`segment ${segment}: ${replay.unreplayed}`)]
    const claimed = leaves[segment]!.stateRootAfter
    if (replay.stateRoot === claimed) return []
    return [fail(`segment ${segment} comes to ${replay.stateRoot}, claimed is ${claimed}`)]
  })
}
