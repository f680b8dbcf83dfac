import { verifyTypedData } from 'ethers'
import type { ChainContext } from './context.ts'
import type { Deployment } from './deployment.ts'
import type { TypedDataSigner } from './signer.ts'

const types = {
  Verdicts: [
    { name: 'orderId', type: 'uint256' },
    { name: 'round', type: 'uint8' },
    { name: 'draw', type: 'bytes32' },
    { name: 'commitment', type: 'bytes32' },
  ],
}

function domainOf({ chainId, proofs }: Deployment) {
  return { name: 'Trainyard', version: '1', chainId, verifyingContract: proofs }
}

/** round 0: of the first panel; 1: of the larger one. draw: what they are about, as `readShares` says. */
export type BoundVerdicts = { orderId: bigint; round: number; draw: string; commitment: string }

/**
 * An auditor binds itself to its verdicts (`verdictCommitment`) without showing them. Never sign two for one draw of an
 * order and round: whoever shows both takes the seat.
 */
export function signVerdicts(
  context: ChainContext,
  auditor: TypedDataSigner,
  message: BoundVerdicts,
): Promise<string> {
  return auditor.signTypedData(domainOf(context.deployment), types, message)
}

/** Whose key signed; undefined if it is no signature. */
export function verdictsSigner(
  deployment: Deployment,
  message: BoundVerdicts,
  signature: string,
): string | undefined {
  try {
    return verifyTypedData(domainOf(deployment), types, message, signature)
  } catch {
    return undefined
  }
}
