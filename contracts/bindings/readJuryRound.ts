import type { ChainContext } from './context.ts'
import { toChainError } from './decodeError.ts'
import { ChainError, ChainUnreachable } from './errors.ts'
import { interfaces } from './pallets.ts'

/**
 * The drand round without which a dispute's jury cannot be drawn, as the contract itself says when it is asked to draw; undefined
 * where it waits for none. Nothing is sent. Throws ChainUnreachable
 */
export async function readJuryRound(
  { runner, deployment }: ChainContext,
  disputeId: bigint,
): Promise<number | undefined> {
  const what = `Asking what draws the jury of dispute ${disputeId}`
  if (!runner.call) throw new ChainUnreachable(`${what} failed: there is no node to ask.`)
  const data = interfaces.disputes.encodeFunctionData('drawJury', [disputeId])
  try {
    await runner.call({ to: deployment.disputes, data, blockTag: 'latest' })
    return undefined
  } catch (error) {
    const known = toChainError(error, what)
    if (!(known instanceof ChainError)) throw known
    return known.errorName === 'DisputesJuryNotReady' ? Number(known.args.position) : undefined
  }
}
