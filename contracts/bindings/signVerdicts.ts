import type { ChainContext } from './context.ts'
import type { TypedDataSigner } from './signer.ts'

const types = {
  Verdicts: [
    { name: 'orderId', type: 'uint256' },
    { name: 'commitment', type: 'bytes32' },
  ],
}

/**
 * An auditor binds itself to its verdicts (`verdictCommitment`) without showing them. Never sign two for one order:
 * whoever shows both takes the seat.
 */
export function signVerdicts(
  context: ChainContext,
  auditor: TypedDataSigner,
  args: { orderId: bigint; commitment: string },
): Promise<string> {
  const { chainId, proofs } = context.deployment
  const domain = { name: 'Trainyard', version: '1', chainId, verifyingContract: proofs }
  return auditor.signTypedData(domain, types, args)
}
