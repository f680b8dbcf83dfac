import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { showSignedRound } from '@trainyard/contracts/showSignedRound.ts'
import type { Round } from '../../server/api/schemas.ts'
import { fetchJson } from '../api/fetchJson.ts'
import type { Tell } from '../chain/TracingSigner.ts'
import { withWallet } from '../chain/withWallet.ts'
import { roundApi } from '../url.ts'
import type { WalletState } from '../wallet/WalletStore.ts'

/** The server may have to ask several relays. */
const TIMEOUT_MS = 45_000

/**
 * Anyone: shows the contracts a drand round, with the signature that the market's server had from a relay; the contract verifies
 * it; whoever comes second pays little. Throws ApiProblem where no relay gives it.
 */
export const showRoundByWallet = async (
  { wallet, deployment, tell }: { wallet: WalletState; deployment: Deployment; tell: Tell },
  round: number,
): Promise<void> => {
  tell.step('Asking a relay for the round')
  const { signature } = await fetchJson<Round>(roundApi(round), new AbortController().signal, TIMEOUT_MS)
  const [x, y] = signature
  const shown = { round, signature: [BigInt(x), BigInt(y)] as const }
  await withWallet(wallet, deployment, tell, (context) => showSignedRound(context, shown))
}
