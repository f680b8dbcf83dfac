import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { isSigner } from '@trainyard/contracts/signer.ts'
import { signGrant } from '@trainyard/verifier/grant.ts'
import { ClientError } from '../errors.ts'

/** Where an order's daemon answers, and the header that proves who asks (none for a read-only context). */
export async function endpointOf(
  context: ChainContext,
  orderId: bigint,
): Promise<{ base: string; headers: () => Promise<Record<string, string>> }> {
  const { machineId, seller, status } = await readOrder(context, orderId)
  if (status === 'None') {
    throw new ClientError(`There is no order ${orderId} on this chain.`, 'Check its number.')
  }
  const { endpoint } = await readMachine(context, machineId)
  const { runner, deployment } = context
  const { chainId } = deployment
  return {
    base: endpoint.replace(/\/+$/, ''),
    async headers() {
      if (!isSigner(runner)) return {}
      return { authorization: await signGrant(runner, { chainId, audience: seller, orderId }) }
    },
  }
}
