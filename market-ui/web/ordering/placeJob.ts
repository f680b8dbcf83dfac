import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { type OrderTerms, placeOrder } from '@trainyard/contracts/placeOrder.ts'
import { placeRefereed } from '@trainyard/contracts/placeRefereed.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { type AnyJob, isRental } from '@trainyard/verifier/rental.ts'
import type { Tell } from '../chain/TracingSigner.ts'
import { withWallet } from '../chain/withWallet.ts'
import type { WalletState } from '../wallet/WalletStore.ts'
import { readResumeFrom } from './readResumeFrom.ts'
import { sendBlocks } from './sendBlocks.ts'

type Placed = {
  readonly job: AnyJob
  readonly terms: OrderTerms
  /** The other seller's offer, of a refereed order. */
  readonly secondOfferId: bigint | undefined
  /** The order that the job resumes from, if it does. */
  readonly resumeOrder: string
}

/** Puts the job into the store and orders it. Returns the order's number. Throws what describeFailure can say. */
export const placeJob = (
  wallet: WalletState,
  deployment: Deployment,
  tell: Tell,
  { job, terms, secondOfferId, resumeOrder }: Placed,
): Promise<string> =>
  withWallet(wallet, deployment, tell, async (context) => {
    tell.step('Storing the job')
    const { cid, blocks } = await addBytes(canonicalBytes(job))
    await sendBlocks(blocks)
    if (secondOfferId !== undefined) {
      const { firstId } = await placeRefereed(context, { terms, secondOfferId, jobCid: cid })
      return String(firstId)
    }
    const resumeFrom = !isRental(job) && job.resumeFrom && (await readResumeFrom(deployment, resumeOrder))
    const { orderId } = await placeOrder(context, { terms, jobCid: cid, ...(resumeFrom && { resumeFrom }) })
    return String(orderId)
  })
