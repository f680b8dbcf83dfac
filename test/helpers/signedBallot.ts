import { ballotCommitment } from '@trainyard/contracts/ballotCommitment.ts'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import type { Ballot } from '@trainyard/contracts/resolve.ts'
import { signBallot } from '@trainyard/contracts/signBallot.ts'
import type { TypedDataSigner } from '@trainyard/contracts/signer.ts'
import { id } from 'ethers'

type Juror = ChainContext & { address: string; wallet: TypedDataSigner }

/** A juror's opened vote with its signature over the commitment; unless said, of one that did all the work and found no fault. */
export async function signedBallot(
  juror: Juror,
  args: { disputeId: bigint; round: number; found: string; othersHold?: boolean; work?: string },
): Promise<Ballot> {
  const { disputeId, round, found, othersHold = false, work = id('work') } = args
  const vote = { juror: juror.address, found, othersHold, work, salt: id(juror.address) }
  const commitment = ballotCommitment({ disputeId, round, ...vote })
  return { ...vote, signature: await signBallot(juror, juror.wallet, { disputeId, round, commitment }) }
}
