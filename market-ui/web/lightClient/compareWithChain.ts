import type { ChainContext } from '@trainyard/contracts/context.ts'
import { read } from '@trainyard/contracts/read.ts'
import type { JsonRpcProvider } from 'ethers'
import type { OrderSummary } from '../../server/api/schemas.ts'

/** What the market server says, and what is not so by the chain. */
export type Comparison = {
  readonly block: number
  readonly compared: number
  readonly differences: readonly string[]
}

/**
 * Compares a block's hash, and of each order who is in it, its status and its money, with what `context` reads from the chain.
 * Throws ChainUnreachable if that does not answer.
 */
export const compareWithChain = async (
  { deployment, provider }: Pick<ChainContext, 'deployment'> & { readonly provider: JsonRpcProvider },
  said: {
    readonly block: { readonly number: number; readonly hash: string }
    readonly orders: readonly OrderSummary[]
  },
): Promise<Comparison> => {
  const { number, hash } = said.block
  const found = (await provider.getBlock(number))?.hash
  const differences =
    found === hash ? [] : [`Block ${number}: the server says ${hash}, the chain ${found ?? 'has none'}.`]
  const context = { deployment, runner: provider }
  for (const order of said.orders) {
    const facts = await read(context, 'market', 'orderOf', [BigInt(order.orderId)], number)
    const pairs = [
      ['buyer', order.buyer, facts.buyer],
      ['seller', order.seller, facts.seller],
      ['status', order.status, facts.status],
      ['escrow', order.escrowWei, String(facts.escrowWei)],
      ['settled', order.settledAt, facts.settledAt],
    ] as const
    for (const [what, server, chain] of pairs)
      if (server !== chain)
        differences.push(`Order ${order.orderId}, ${what}: the server says ${server}, the chain ${chain}.`)
  }
  return { block: number, compared: said.orders.length, differences }
}
