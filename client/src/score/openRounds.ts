import { openRound } from '@trainyard/contracts/openRound.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { attempt } from './attempt.ts'
import type { Scorer } from './scorer.ts'

/**
 * Opens a benchmark round if the newest block drew one, or one is overdue; refused otherwise, which costs nothing. Not before the
 * machine has asked to be measured: it would have no part in it.
 */
export async function openRounds({ chain, machineId }: Scorer): Promise<void> {
  if ((await read(chain, 'hashrate', 'firstRoundOf', [machineId])) === 0) return
  const { blockNumber } = await readHead(chain)
  await attempt(() => openRound(chain, { luckyBlock: blockNumber }))
}
