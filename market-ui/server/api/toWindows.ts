import type { StoredEvent } from '../follower/storedEvent.ts'
import type { SealedWindow, WindowRow } from './schemas.ts'

type Placed = Pick<SealedWindow, 'txHash' | 'blockNumber' | 'at'>

/** Windows whose contents the chain has, in order. One that was sealed first was committed then. */
export const toWindows = (events: readonly StoredEvent[], segmentsPerWindow: number): WindowRow[] => {
  const sealed = new Map(toSealed(events, segmentsPerWindow).map((window) => [window.index, window]))
  const windows = new Map<number, WindowRow>()
  for (const event of events) {
    if (event.name !== 'WindowCommitted') continue
    const { index, segments, root, lastStateRoot, evidence } = event.args
    const { txHash, blockNumber, at }: Placed = sealed.get(index) ?? event
    const firstSegment = index * segmentsPerWindow
    const where = { txHash, blockNumber, at }
    windows.set(index, { index, firstSegment, segments, root, lastStateRoot, evidence, ...where })
  }
  return [...windows.values()].sort((a, b) => a.index - b.index)
}

/** Windows of a refereed order as they were sealed, in order, whether opened since or not. */
const toSealed = (events: readonly StoredEvent[], segmentsPerWindow: number): SealedWindow[] => {
  const windows = new Map<number, SealedWindow>()
  for (const event of events) {
    if (event.name !== 'WindowSealed') continue
    const { index, segments } = event.args
    const { txHash, blockNumber, at } = event
    windows.set(index, {
      index,
      firstSegment: index * segmentsPerWindow,
      segments,
      txHash,
      blockNumber,
      at,
    })
  }
  return [...windows.values()].sort((a, b) => a.index - b.index)
}

/** Those that are not opened. */
export const toSealedWindows = (
  events: readonly StoredEvent[],
  segmentsPerWindow: number,
): SealedWindow[] => {
  const opened = toWindows(events, segmentsPerWindow).length
  return toSealed(events, segmentsPerWindow).slice(opened)
}
