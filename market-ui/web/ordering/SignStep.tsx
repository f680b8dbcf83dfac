import { useQuery } from '@tanstack/react-query'
import type { OrderTerms } from '@trainyard/contracts/placeOrder.ts'
import type { Quote } from '@trainyard/contracts/quote.ts'
import type { AnyJob } from '@trainyard/verifier/rental.ts'
import { chainQuery, healthQuery } from '../api/queries.ts'
import { balancesQuery } from '../chain/balancesQuery.ts'
import { Button } from '../components/Button.tsx'
import { Dev } from '../components/Dev.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { formatSeconds } from '../format/formatTime.ts'
import { navigate } from '../live/useRoute.ts'
import { orderUrl } from '../url.ts'
import { ActionStatus } from '../wallet/ActionStatus.tsx'
import { networkProblem } from '../wallet/networkProblem.ts'
import { SwitchNetwork } from '../wallet/SwitchNetwork.tsx'
import { useAction } from '../wallet/useAction.ts'
import { useWallet } from '../wallet/useWallet.ts'
import { WalletChoice } from '../wallet/WalletChoice.tsx'
import { saveDraft } from './draft.ts'

type Props = {
  readonly job: AnyJob
  readonly terms: OrderTerms
  /** The other seller's offer, of a refereed order. */
  readonly secondOfferId: bigint | undefined
  readonly quote: Quote | undefined
  /** Why it cannot be ordered any more, such as a machine that was taken meanwhile. */
  readonly stale: string | undefined
  /** Number of the order whose last checkpoint training begins with, if any. */
  readonly resumeOrder: string
}

/** Connects, checks what the account has, and signs. */
export const SignStep = ({ job, terms, secondOfferId, quote, stale, resumeOrder }: Props) => {
  const wallet = useWallet()
  const { data: health } = useQuery(healthQuery())
  const problem = networkProblem(wallet, health)
  if (wallet.phase !== 'connected') return <WalletChoice />
  return (
    <div className="grid gap-5">
      {problem && <SwitchNetwork problem={problem} />}
      {stale && (
        <p role="alert" className="rounded-lg border border-warn bg-warn-soft p-3">
          <strong className="font-semibold text-warn">It cannot be ordered as it is:</strong> {stale}. No
          money moved; go back to Machine.
        </p>
      )}
      {quote && (
        <Sign
          job={job}
          terms={terms}
          secondOfferId={secondOfferId}
          quote={quote}
          resumeOrder={resumeOrder}
          isBlocked={problem !== undefined || stale !== undefined}
        />
      )}
    </div>
  )
}

type SignProps = Pick<Props, 'job' | 'terms' | 'secondOfferId' | 'resumeOrder'> & {
  quote: Quote
  isBlocked: boolean
}

const Sign = ({ job, terms, secondOfferId, quote, resumeOrder, isBlocked }: SignProps) => {
  const { account } = useWallet()
  const { data: chain } = useQuery(chainQuery())
  const { data: balances } = useQuery(balancesQuery(chain, account))
  const order = useAction()
  const coins = useAction()
  const totalWei = quote.escrowWei + quote.auditFeeWei
  const hasWei = balances && BigInt(balances.tokenWei) + BigInt(balances.freeWei)
  const missingWei = hasWei !== undefined && hasWei < totalWei ? totalWei - hasWei : 0n
  const isWorking = order.state.phase === 'working'
  const place = async () => {
    const orderId = await order.run(async (tell, wallet, deployment) =>
      (await import('./placeJob.ts')).placeJob(wallet, deployment, tell, {
        ...{ job, terms, secondOfferId, resumeOrder },
      }),
    )
    if (orderId === undefined) return
    saveDraft(undefined)
    navigate(orderUrl(orderId))
  }
  const getCoins = () =>
    coins.run(async (tell, wallet, deployment) =>
      (await import('../chain/getTestCoins.ts')).getTestCoins(wallet, deployment, tell),
    )
  return (
    <>
      <p>
        You order <strong className="font-semibold">{job.name}</strong>
        {job.version === 3 ? '' : `, ${formatCount(job.steps)} steps`}
        {job.proof.mode === 'none' ? ', without proof' : ''}, for at most {formatSeconds(terms.maxSeconds)}{' '}
        {secondOfferId === undefined
          ? `under offer #${terms.offerId}`
          : `from two sellers, under offers #${terms.offerId} and #${secondOfferId}`}
        .
      </p>
      <ol className="grid max-w-3xl list-decimal gap-1 pl-5">
        <li>The job goes into the market's store; its hash goes into the order.</li>
        <li>
          Your wallet may ask for a signature that lets the market take at most <Dev wei={String(totalWei)} />
          .
        </li>
        <li>Your wallet asks you to send the order. That costs gas, also if the contract refuses.</li>
      </ol>
      {missingWei > 0n && (
        <div role="alert" className="grid gap-3 rounded-lg border border-warn bg-warn-soft p-3">
          <p>
            <strong className="font-semibold text-warn">Not enough:</strong> the order takes up to{' '}
            <Dev wei={String(totalWei)} />, the account has <Dev wei={String(hasWei)} />:{' '}
            <Dev wei={String(missingWei)} /> are missing.
          </p>
          {chain?.isDevnet && (
            <div>
              <Button onClick={getCoins}>Get 1,000 DEV for trying things out</Button>
            </div>
          )}
          <ActionStatus state={coins.state} done="The coins are there." />
        </div>
      )}
      <div>
        <Button look="main" onClick={() => void place()} disabled={isWorking || isBlocked || missingWei > 0n}>
          Sign and order for at most <Dev wei={String(totalWei)} />
        </Button>
      </div>
      <ActionStatus state={order.state} done="The order is placed." />
    </>
  )
}
