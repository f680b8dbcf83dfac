import { checkGrant, expiryOfGrant, GrantRefused } from '@trainyard/verifier/grant.ts'
import { HttpProblem } from '../errors.ts'
import { readDeployment } from '../follower/readDeployment.ts'

export type ReaderGrant = { readonly account: string; readonly header: string; readonly leftMs: number }

/** Checks a reader's grant for an order's seller, as that seller will. Throws HttpProblem 401, and 503 without a chain. */
export const readGrant = async (
  header: string,
  asked: { readonly orderId: number; readonly seller: string; readonly deploymentPath: string },
): Promise<ReaderGrant> => {
  const deployment = await readDeployment(asked.deploymentPath)
  if (deployment === undefined) throw noChain()
  const { chainId, market } = deployment
  try {
    const expected = { chainId, market, audience: asked.seller, orderId: BigInt(asked.orderId) }
    const account = checkGrant(header, expected)
    return { account, header, leftMs: Math.max(0, expiryOfGrant(header) * 1000 - Date.now()) }
  } catch (error) {
    if (error instanceof GrantRefused) throw refused(error.message)
    throw error
  }
}

const refused = (detail: string) =>
  new HttpProblem(401, 'The grant is no good', detail, 'Sign a new one on the page of the order.')

const noChain = () =>
  new HttpProblem(
    503,
    'The market is not followed yet',
    'Its contracts are not known.',
    'Try again in a moment.',
  )
