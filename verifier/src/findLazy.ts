import type { ChainContext } from '@trainyard/contracts/context.ts'
import { proveNoReplay, type ReplayClaim } from '@trainyard/contracts/proveNoReplay.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readDraw } from '@trainyard/contracts/readDraw.ts'
import { type OpenedVerdicts, readOpenings } from '@trainyard/contracts/readOpenings.ts'
import { readPass } from '@trainyard/contracts/readPass.ts'
import { readRound } from '@trainyard/contracts/readRound.ts'
import type { Sent } from '@trainyard/contracts/send.ts'
import { positionsIn, unpackVerdicts } from '@trainyard/contracts/verdictCommitment.ts'
import { replayTag, saltPart } from './replaySalt.ts'

/** An auditor that passed a segment without having replayed it, as its opened salt shows. */
export type Lazy = {
  readonly opened: OpenedVerdicts
  readonly position: number
  readonly segment: number
  /** what a replay of it gives */
  readonly bits: string
}

/**
 * Who of the panel that sits opened a pass with a salt that no replay gives, by what this machine knows of the segments; of each
 * auditor the first such segment; nobody who has nothing left to lose. Throws ChainUnreachable.
 * @param bitsOf a segment's inner bits; undefined where they are not known here
 */
export async function findLazy(
  context: ChainContext,
  orderId: bigint,
  bitsOf: (segment: number) => string | undefined,
): Promise<Lazy[]> {
  const openings = await readOpenings(context, orderId)
  if (openings.length === 0) return []
  const { segments } = await readDraw(context, orderId)
  const found = openings.flatMap((opened) => lazyIn(orderId, opened, segments, bitsOf) ?? [])
  if (found.length === 0) return []
  const { hardwareClass } = await read(context, 'market', 'factsOf', [orderId])
  const stakes = await Promise.all(
    found.map(({ opened }) => read(context, 'staking', 'seatStakeOf', [hardwareClass, opened.auditor])),
  )
  return found.filter((_, i) => stakes[i]! > 0n)
}

function lazyIn(
  orderId: bigint,
  opened: OpenedVerdicts,
  segments: readonly number[],
  bitsOf: (segment: number) => string | undefined,
): Lazy | undefined {
  const { auditor, verdicts, salt } = opened
  const given = unpackVerdicts(verdicts, segments.length)
  for (const position of positionsIn(verdicts)) {
    const segment = segments[position]
    const bits = segment === undefined ? undefined : bitsOf(segment)
    if (segment === undefined || bits === undefined || given[position] !== 'pass') continue
    if (saltPart(salt, verdicts, position) !== replayTag({ orderId, auditor, bits }, verdicts))
      return { opened, position, segment, bits }
  }
  return undefined
}

/**
 * Shows on chain that an auditor has not replayed a segment, and takes its seat. Throws ChainError and ChainUnreachable.
 * @param leaf the segment's leaf, as it was committed
 */
export async function showLazy(
  context: ChainContext,
  orderId: bigint,
  { opened, position, bits }: Lazy,
  leaf: ReplayClaim['leaf'],
): Promise<Sent> {
  const round = await readRound(context, orderId)
  const agreeing = opened.signature === '0x' ? [] : ((await readPass(context, orderId))?.agreeing ?? [])
  return proveNoReplay(context, {
    orderId,
    claim: { ...opened, round, agreeing, position, leaf, inner: bits },
  })
}
