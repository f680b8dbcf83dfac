import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { drawJury } from '@trainyard/contracts/drawJury.ts'
import { resolve } from '@trainyard/contracts/resolve.ts'
import type { Tell } from '../chain/TracingSigner.ts'
import { withWallet } from '../chain/withWallet.ts'
import type { WalletState } from '../wallet/WalletStore.ts'

type Signing = { readonly wallet: WalletState; readonly deployment: Deployment; readonly tell: Tell }

/** Anyone: draws the jury, or after a silence first fixes the block that draws it. */
export const haveJuryDrawn = ({ wallet, deployment, tell }: Signing, disputeId: string): Promise<unknown> =>
  withWallet(wallet, deployment, tell, (context) => drawJury(context, { disputeId: BigInt(disputeId) }))

/** Anyone: closes a round whose time is over, or returns the bond of a dispute that a settlement closed. */
export const closeRound = ({ wallet, deployment, tell }: Signing, disputeId: string): Promise<unknown> =>
  withWallet(wallet, deployment, tell, (context) =>
    resolve(context, { disputeId: BigInt(disputeId), ballots: [] }),
  )
