import { readDraw } from '@trainyard/contracts/readDraw.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import { readRound } from '@trainyard/contracts/readRound.ts'
import { unpackVerdicts, type VerdictName } from '@trainyard/contracts/verdictCommitment.ts'
import type { Auditor } from './auditor.ts'
import type { VerdictRecord } from './journal.ts'
import { eventsOfRound } from './onChain.ts'

/** How many members a panel has, and what those of them said who have revealed. */
type Panel = {
  readonly members: number
  readonly said: readonly { readonly auditor: string; readonly verdicts: bigint }[]
}

const wordAt = (verdicts: bigint, position: number): VerdictName | 'none' =>
  unpackVerdicts(verdicts, position + 1)[position]!

/**
 * Who says that the segment at a position of the draw is not served, if these are two thirds of the whole panel: else the first
 * to reveal could challenge before the others have spoken, and be right by its own word.
 */
function unservedBy({ members, said }: Panel, position: number): readonly string[] | undefined {
  const by = said.filter(({ verdicts }) => wordAt(verdicts, position) === 'unavailable')
  return by.length > 0 && 3 * by.length >= 2 * members ? by.map(({ auditor }) => auditor) : undefined
}

/** The lowest segment that this record says is not served, as do two thirds of its panel, and who says so. */
export function unservedOf(
  record: Pick<VerdictRecord, 'segments' | 'positions' | 'verdicts'>,
  panel: Panel,
): { segment: number; by: readonly string[] } | undefined {
  const found = record.positions.flatMap((position, i) => {
    const by = wordAt(record.verdicts, position) === 'unavailable' && unservedBy(panel, position)
    return by ? [{ segment: record.segments[i]!, by }] : []
  })
  return found.sort((a, b) => a.segment - b.segment)[0]
}

/**
 * Whether two thirds of the larger panel said of a segment that it was not served. Then it counts as not served, also if it is by now:
 * nobody gains by serving only the jury. Throws ChainUnreachable.
 */
export async function isUnserved(
  auditor: Auditor,
  { orderId, order, segment }: { orderId: bigint; order: OrderFacts; segment: number },
): Promise<boolean> {
  if ((await readRound(auditor.context, orderId)) === 0) return false
  const { segments } = await readDraw(auditor.context, orderId)
  const position = segments.indexOf(segment)
  return position >= 0 && unservedBy(await panelOf(auditor, orderId, order), position) !== undefined
}

/** The panel that sits. Throws ChainUnreachable. */
export async function panelOf(auditor: Auditor, orderId: bigint, order: OrderFacts): Promise<Panel> {
  const { panel } = await readDraw(auditor.context, orderId)
  const events = await eventsOfRound(auditor, orderId, order)
  const said = events.flatMap(({ name, args }) =>
    name === 'VerdictsRevealed' && args.orderId === orderId
      ? [{ auditor: args.auditor, verdicts: args.verdicts }]
      : [],
  )
  return { members: panel.length, said }
}
