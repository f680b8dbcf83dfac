import { addMachine } from '@trainyard/contracts/addMachine.ts'
import { bond } from '@trainyard/contracts/bond.ts'
import { cancelOffer } from '@trainyard/contracts/cancelOffer.ts'
import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { makeOffer } from '@trainyard/contracts/makeOffer.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { withdraw } from '@trainyard/contracts/withdraw.ts'
import { rawCid } from '@trainyard/verifier/content/rawCid.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { parseEther, sha256 } from 'ethers'
import type { Tell } from '../chain/TracingSigner.ts'
import { withWallet } from '../chain/withWallet.ts'
import { sendBlocks } from '../ordering/sendBlocks.ts'
import type { WalletState } from '../wallet/WalletStore.ts'

export type Signing = { readonly wallet: WalletState; readonly deployment: Deployment; readonly tell: Tell }

const MIN_SECONDS = 1
const OFFER_SECONDS = 365 * 86_400

/** Puts a machine up at another price; the former offer ends with it. Open orders keep theirs. */
export const changePrice = (
  { wallet, deployment, tell }: Signing,
  terms: { machineId: string; devPerHour: string; maxMinutes: number },
): Promise<unknown> =>
  withWallet(wallet, deployment, tell, (context) =>
    makeOffer(context, {
      machineId: BigInt(terms.machineId),
      pricePerHourWei: parseEther(terms.devPerHour),
      minSeconds: MIN_SECONDS,
      maxSeconds: Math.round(terms.maxMinutes * 60),
      expiresAt: Math.floor(Date.now() / 1000) + OFFER_SECONDS,
    }),
  )

/** Takes a machine off the market; an order that runs on it goes on. */
export const drain = ({ wallet, deployment, tell }: Signing, offerId: string): Promise<unknown> =>
  withWallet(wallet, deployment, tell, (context) => cancelOffer(context, { offerId: BigInt(offerId) }))

/** Registers a machine by hand, for the canonical class, and says what it is. A daemon must answer at the endpoint. */
export const listMachine = (
  { wallet, deployment, tell }: Signing,
  { endpoint, specs }: { endpoint: string; specs: unknown },
): Promise<unknown> =>
  withWallet(wallet, deployment, tell, async (context) => {
    const bytes = canonicalBytes(specs)
    const specHash = sha256(bytes)
    const specUri = rawCid(specHash)
    tell.step('Storing the specification')
    await sendBlocks([{ cid: specUri, bytes }])
    return addMachine(context, { specHash, specUri, hardwareClass: hardwareClassOf('canonical'), endpoint })
  })

/** Adds to the stake that stands behind one's orders. */
export const addStake = ({ wallet, deployment, tell }: Signing, dev: string): Promise<unknown> =>
  withWallet(wallet, deployment, tell, async (context, account) => {
    const amountWei = parseEther(dev)
    const missing = amountWei - (await readFree(context, account))
    if (missing > 0n) await deposit(context, { amountWei: missing })
    return bond(context, { amountWei })
  })

/** Takes all that is free out of the market into the wallet. */
export const withdrawFree = ({ wallet, deployment, tell }: Signing): Promise<unknown> =>
  withWallet(wallet, deployment, tell, async (context, account) =>
    withdraw(context, { amountWei: await readFree(context, account) }),
  )
