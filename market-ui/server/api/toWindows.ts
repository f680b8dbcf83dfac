import type { StoredEvent } from '../follower/storedEvent.ts'
import type { WindowRow } from './schemas.ts'

/** The committed windows in order, each with the beacon that draws its segments once that is pinned. */
export const toWindows = (events: readonly StoredEvent[], segmentsPerWindow: number): WindowRow[] => {
  const beacons = new Map<number, { value: string; blockNumber: number }>()
  for (const event of events)
    if (event.name === 'BeaconPinned')
      beacons.set(event.args.index, { value: event.args.value, blockNumber: event.args.blockNumber })
  const windows = new Map<number, WindowRow>()
  for (const event of events) {
    if (event.name !== 'WindowCommitted') continue
    const { index, segments, root, lastStateRoot, evidence } = event.args
    const { txHash, blockNumber, at } = event
    const firstSegment = index * segmentsPerWindow
    const beacon = beacons.get(index + 2) ?? null // beacons 0 and 1 belong to placing and starting
    windows.set(index, {
      index,
      firstSegment,
      segments,
      root,
      lastStateRoot,
      evidence,
      beacon,
      txHash,
      blockNumber,
      at,
    })
  }
  return [...windows.values()].sort((a, b) => a.index - b.index)
}
