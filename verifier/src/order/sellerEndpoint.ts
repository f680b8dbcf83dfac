import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import { isSigner } from '@trainyard/contracts/signer.ts'
import { signGrant } from '../grant.ts'

/** Where an order's daemon answers, and the header that proves who asks (none for a read-only context). */
export type SellerEndpoint = { base: string; headers: () => Promise<Record<string, string>> }

/** The endpoint of the machine that an order is for, as the chain has it now. Throws ChainUnreachable. */
export async function sellerEndpoint(
  context: ChainContext,
  orderId: bigint,
  { machineId, seller }: Pick<OrderFacts, 'machineId' | 'seller'>,
): Promise<SellerEndpoint> {
  const { endpoint } = await readMachine(context, machineId)
  const { runner, deployment } = context
  return {
    base: endpoint.replace(/\/+$/, ''),
    async headers() {
      if (!isSigner(runner)) return {}
      const { chainId, market } = deployment
      return { authorization: await signGrant(runner, { chainId, market, audience: seller, orderId }) }
    },
  }
}
