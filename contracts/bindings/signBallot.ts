import { verifyTypedData } from 'ethers'
import type { ChainContext } from './context.ts'
import type { Deployment } from './deployment.ts'
import type { TypedDataSigner } from './signer.ts'

const types = {
  Ballot: [
    { name: 'disputeId', type: 'uint256' },
    { name: 'round', type: 'uint8' },
    { name: 'found', type: 'bytes32' },
  ],
}

type Vote = { disputeId: bigint; round: number; found: string }

function domainOf({ chainId, disputes }: Deployment) {
  return { name: 'Trainyard', version: '1', chainId, verifyingContract: disputes }
}

/** A juror's vote, for anyone to hand in. */
export function signBallot(context: ChainContext, juror: TypedDataSigner, vote: Vote): Promise<string> {
  return juror.signTypedData(domainOf(context.deployment), types, vote)
}

/** Whose key signed; undefined if it is no signature. */
export function ballotSigner(deployment: Deployment, vote: Vote, signature: string): string | undefined {
  try {
    return verifyTypedData(domainOf(deployment), types, vote, signature)
  } catch {
    return undefined
  }
}
