import type { UseQueryResult } from '@tanstack/react-query'
import type { Quote } from '@trainyard/contracts/quote.ts'
import { type AnyJob, isRental } from '@trainyard/verifier/rental.ts'
import type { ImageOnMachine, Machine } from '../../server/api/machineSchemas.ts'
import type { Chain } from '../../server/api/schemas.ts'
import { Dev } from '../components/Dev.tsx'
import { formatDateTime, formatSeconds } from '../format/formatTime.ts'
import { useNow } from '../live/useNow.ts'
import { FailureBox } from '../wallet/FailureBox.tsx'
import type { CheckedTerms } from './checkTerms.ts'
import { imageWords } from './imageWords.ts'
import { orderedWords } from './orderedWords.ts'
import { deadlines, proofPlan, refundRules } from './reviewWords.ts'

type Props = {
  readonly job: AnyJob
  readonly machine: Machine
  /** The other seller's, of a refereed order. */
  readonly second: Machine | undefined
  readonly terms: CheckedTerms
  readonly chain: Chain
  readonly quote: UseQueryResult<Quote>
  /** The seller answers with its stake for the environment. */
  readonly vouched: boolean
  /** What is known of the job's image; undefined: it names none, or it could not be asked. */
  readonly image: ImageOnMachine | undefined
}

/** Everything that is agreed to by signing, in words, before anything is signed. */
export const ReviewStep = ({ job, machine, second, terms, chain, quote, vouched, image }: Props) => {
  const facts = { job, machine, terms, chain, vouched }
  const known = imageWords(job, image, vouched)
  return (
    <div className="grid gap-6">
      <MaximumSpend quote={quote} isRental={isRental(job)} isPair={second !== undefined} />
      <Part title="What you order">{orderedWords(job, machine, terms.maxSeconds, second)}</Part>
      {known.length > 0 && <Part title="Its image">{known}</Part>}
      <Part title="When money comes back">{refundRules(facts)}</Part>
      <Part title="Deadlines">{deadlines(facts)}</Part>
      <Part title="What will be proved">{proofPlan(facts)}</Part>
      <OfferValidity machine={endsFirst(machine, second)} askedAtMs={quote.dataUpdatedAt} />
    </div>
  )
}

const Part = ({ title, children }: { title: string; children: readonly string[] }) => (
  <section>
    <h3 className="font-semibold">{title}</h3>
    <ul className="mt-1 grid max-w-3xl list-disc gap-1 pl-5 [overflow-wrap:anywhere]">
      {children.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  </section>
)

const MaximumSpend = ({
  quote,
  isRental,
  isPair,
}: {
  quote: UseQueryResult<Quote>
  isRental: boolean
  isPair: boolean
}) => (
  <section className="rounded-lg border border-line bg-raised p-4">
    <h3 className="font-semibold">Maximum spend</h3>
    {quote.isError && <FailureBox error={quote.error} />}
    {quote.data ? (
      <>
        <p className="mt-1 text-2xl font-semibold tracking-tight">
          <Dev wei={String(quote.data.escrowWei + quote.data.auditFeeWei)} />
        </p>
        <p className="mt-1 text-muted">
          <Dev wei={String(quote.data.escrowWei)} /> for the longest time and{' '}
          <Dev wei={String(quote.data.auditFeeWei)} /> for the audit. It is held by the contract; nobody can
          take more.{' '}
          {isPair
            ? 'That is for both sellers together, and both audit fees come back if they agree. Together they stake '
            : 'The seller stakes '}
          <Dev wei={String(quote.data.stakeWei)} />, which {isPair ? 'either loses its part of' : 'it loses'}{' '}
          {isRental ? 'if it does not start in time' : 'for fraud'}.
        </p>
      </>
    ) : (
      !quote.isError && <span className="skeleton mt-2 h-8 w-48" aria-hidden="true" />
    )}
  </section>
)

/** The one of both whose offer does not hold as long. */
const endsFirst = (machine: Machine, second: Machine | undefined): Machine =>
  second?.offer && machine.offer && second.offer.expiresAt < machine.offer.expiresAt ? second : machine

const OfferValidity = ({ machine, askedAtMs }: { machine: Machine; askedAtMs: number }) => {
  const now = useNow()
  const { offer } = machine
  if (offer === null) return null
  const left = offer.expiresAt - now
  return (
    <p className="text-sm text-muted">
      {askedAtMs > 0 &&
        `The contract said this price ${formatSeconds(now - askedAtMs / 1000)} ago; it is asked again every ten seconds, and not signed when older than thirty. `}
      The price holds while the offer is open
      {left > 0 &&
        left < 86_400 * 365 &&
        ` (until ${formatDateTime(offer.expiresAt)}, ${formatSeconds(left)} more)`}{' '}
      and the machine is free. If either ends first, the order is refused and no money moves.
    </p>
  )
}
