import { verifyTypedData } from 'ethers'
import type { ChainContext } from './context.ts'
import type { Deployment } from './deployment.ts'
import type { TypedDataSigner } from './signer.ts'

const types = {
  Verdicts: [
    { name: 'orderId', type: 'uint256' },
    { name: 'commitment', type: 'bytes32' },
  ],
}

function domainOf({ chainId, proofs }: Deployment) {
  return { name: 'Trainyard', version: '1', chainId, verifyingContract: proofs }
}

/**
 * An auditor binds itself to its verdicts (`verdictCommitment`) without showing them. Never sign two for one order:
 * whoever shows both takes the seat.
 */
export function signVerdicts(
  context: ChainContext,
  auditor: TypedDataSigner,
  message: { orderId: bigint; commitment: string },
): Promise<string> {
  return auditor.signTypedData(domainOf(context.deployment), types, message)
}

/** Whose key signed; undefined if it is no signature. */
export function verdictsSigner(
  deployment: Deployment,
  message: { orderId: bigint; commitment: string },
  signature: string,
): string | undefined {
  try {
    return verifyTypedData(domainOf(deployment), types, message, signature)
  } catch {
    return undefined
  }
}
