import { verifyTypedData } from 'ethers'
import type { ChainContext } from './context.ts'
import type { Deployment } from './deployment.ts'
import type { TypedDataSigner } from './signer.ts'

const types = {
  Ballot: [
    { name: 'disputeId', type: 'uint256' },
    { name: 'round', type: 'uint8' },
    { name: 'commitment', type: 'bytes32' },
  ],
}

type Bound = { disputeId: bigint; round: number; commitment: string }

function domainOf({ chainId, disputes }: Deployment) {
  return { name: 'Trainyard', version: '1', chainId, verifyingContract: disputes }
}

/** Binds a juror to its vote. Who signs two of one round loses its seat. */
export function signBallot(context: ChainContext, juror: TypedDataSigner, bound: Bound): Promise<string> {
  return juror.signTypedData(domainOf(context.deployment), types, bound)
}

/** Whose key signed; undefined if it is no signature. */
export function ballotSigner(deployment: Deployment, bound: Bound, signature: string): string | undefined {
  try {
    return verifyTypedData(domainOf(deployment), types, bound, signature)
  } catch {
    return undefined
  }
}
