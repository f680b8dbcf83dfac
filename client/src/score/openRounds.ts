import { openRound } from '@trainyard/contracts/openRound.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { attempt } from './attempt.ts'
import type { Scorer } from './scorer.ts'

/** Opens a benchmark round if the newest block drew one, or one is overdue; refused otherwise, which costs nothing. */
export async function openRounds({ chain }: Scorer): Promise<void> {
  const { blockNumber } = await readHead(chain)
  await attempt(() => openRound(chain, { luckyBlock: blockNumber }))
}
