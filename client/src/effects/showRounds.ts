import { setTimeout as delay } from 'node:timers/promises'
import { type AwaitedRound, readAwaitedRounds } from '@trainyard/contracts/readAwaitedRounds.ts'
import { readDrandNetwork } from '@trainyard/contracts/readDrandNetwork.ts'
import { showRound } from '@trainyard/contracts/showRound.ts'
import { timeOfRound } from '@trainyard/verifier/beacon/drand/network.ts'
import { ZeroAddress } from 'ethers'
import type { OrderContext } from '../engine/context.ts'

/** Not with every block: an audit takes hours, and chains have several blocks a second. */
const POLL_MS = 3_000
/** Auditors show them, too, one after the other for as long as this: only then it is this machine's turn to pay for it. */
const GRACE_MS = 8_000

/**
 * For as long as the order is in audit or disputed: shows the contracts the drand rounds that draw for it, once they are there and
 * nobody else has. Without them it would end unaudited, or a dispute about it undecided. Where no relay answers it throws
 * RoundUnavailable, and is called again.
 */
export async function showRounds(order: OrderContext, signal: AbortSignal): Promise<void> {
  const { chain, orderId } = order
  if (chain.deployment.beacon === ZeroAddress) return
  const network = await readDrandNetwork(chain)
  for (;;) {
    for (const awaited of await readAwaitedRounds(chain, BigInt(orderId))) {
      if (Date.now() < timeOfRound(network, awaited.round) + GRACE_MS) continue
      await show(order, awaited, signal)
    }
    await delay(POLL_MS, undefined, { signal })
  }
}

async function show({ chain, orderId, logger }: OrderContext, awaited: AwaitedRound, signal: AbortSignal) {
  const sent = await showRound(chain, awaited.round, signal)
  if (sent) logger.info({ msg: 'showed a round that draws', orderId, ...awaited, txHash: sent.hash })
}
