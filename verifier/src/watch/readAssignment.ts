import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readDraw } from '@trainyard/contracts/readDraw.ts'
import { readShares } from '@trainyard/contracts/readShares.ts'
import { positionsIn } from '@trainyard/contracts/verdictCommitment.ts'
import { isSame } from './isSame.ts'

/** What an auditor of the panel that sits has to replay. */
export type Assignment = {
  readonly panel: readonly string[]
  /** what its verdicts are about */
  readonly draw: string
  /** of the drawn segments in all */
  readonly drawn: number
  /** its own segments, and where each is in the draw */
  readonly segments: readonly number[]
  readonly positions: readonly number[]
}

/** Undefined while the draw is not known, where the account is not of the panel, or where seats move just now. Throws ChainUnreachable. */
export async function readAssignment(
  context: ChainContext,
  orderId: bigint,
  account: string,
): Promise<Assignment | undefined> {
  const { ready, segments, panel } = await readDraw(context, orderId)
  const place = panel.findIndex((address) => isSame(address, account))
  if (!ready || place < 0) return undefined
  const { draw, shares } = await readShares(context, orderId)
  const share = shares[place]
  if (share === undefined || shares.length !== panel.length) return undefined
  const positions = positionsIn(share)
  const own = positions.flatMap((position) => segments[position] ?? [])
  return { panel, draw, drawn: segments.length, segments: own, positions }
}
