import type { ChainContext } from '@trainyard/contracts/context.ts'
import { type AwaitedRound, readAwaitedRounds } from '@trainyard/contracts/readAwaitedRounds.ts'
import { readDrandNetwork } from '@trainyard/contracts/readDrandNetwork.ts'
import { showRound } from '@trainyard/contracts/showRound.ts'
import { timeOfRound } from '@trainyard/verifier/beacon/drand/network.ts'
import { ZeroAddress } from 'ethers'
import type { ChainOptions } from './options.ts'
import type { Rim } from './rim.ts'
import { requireAccount, withChain } from './withChain.ts'

const TRY_AGAIN = 75

type Shown = AwaitedRound & { readonly txHash: string | null; readonly thereAt: string }

/**
 * Shows the contracts the drand rounds that an order waits for and nobody has shown. Exit code 75 where drand itself has not come
 * to one of them yet.
 */
export async function showRoundCommand(
  orderId: bigint,
  options: ChainOptions & { relay?: string[] },
  rim: Rim,
): Promise<void> {
  requireAccount(options)
  const say = rim.say(options)
  await withChain(options, rim, async (context) => {
    const rounds = await showAll(context, orderId)
    const lines = rounds.map((shown) => lineOf(shown, orderId))
    say.answer({ orderId, rounds }, lines.join('\n') || waitsForNone(context, orderId))
    if (rounds.some(({ txHash, thereAt }) => txHash === null && Date.parse(thereAt) > Date.now()))
      rim.exitWith(TRY_AGAIN)
  })
}

async function showAll(context: ChainContext, orderId: bigint): Promise<Shown[]> {
  const awaited = await readAwaitedRounds(context, orderId)
  if (awaited.length === 0) return []
  const network = await readDrandNetwork(context)
  const shown: Shown[] = []
  for (const one of awaited) {
    const sent = await showRound(context, one.round)
    const thereAt = new Date(timeOfRound(network, one.round)).toISOString()
    shown.push({ ...one, thereAt, txHash: sent?.hash ?? null })
  }
  return shown
}

function lineOf({ round, draws, thereAt, txHash }: Shown, orderId: bigint): string {
  const what = `drand round ${round}, which draws the ${draws} of order ${orderId}`
  if (txHash !== null) return `Showed ${what}: ${txHash}.`
  return Date.parse(thereAt) > Date.now()
    ? `Not there yet: ${what}; it comes at ${thereAt}. Run this again then.`
    : `Somebody else showed ${what}, or no relay has it yet.`
}

function waitsForNone({ deployment }: ChainContext, orderId: bigint): string {
  return deployment.beacon === ZeroAddress
    ? 'Hashes of blocks draw on this chain: there is no round to show.'
    : `Order ${orderId} waits for no round.`
}
