import type { StoredEvent } from '../follower/storedEvent.ts'
import type { WindowRow } from './schemas.ts'

/** The committed windows in order. */
export const toWindows = (events: readonly StoredEvent[], segmentsPerWindow: number): WindowRow[] => {
  const windows = new Map<number, WindowRow>()
  for (const event of events) {
    if (event.name !== 'WindowCommitted') continue
    const { index, segments, root, lastStateRoot, evidence } = event.args
    const { txHash, blockNumber, at } = event
    const firstSegment = index * segmentsPerWindow
    windows.set(index, {
      index,
      firstSegment,
      segments,
      root,
      lastStateRoot,
      evidence,
      txHash,
      blockNumber,
      at,
    })
  }
  return [...windows.values()].sort((a, b) => a.index - b.index)
}
