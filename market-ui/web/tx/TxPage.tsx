import { skipToken, useQuery } from '@tanstack/react-query'
import { chainQuery } from '../api/queries.ts'
import { eventWords } from '../audit/eventWords.ts'
import { Card } from '../components/Card.tsx'
import { Chip, type Tone } from '../components/Chip.tsx'
import { Dev } from '../components/Dev.tsx'
import { Facts } from '../components/Facts.tsx'
import { Hash } from '../components/Hash.tsx'
import { Link } from '../components/Link.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { PageTitle } from '../components/PageTitle.tsx'
import { formatCount, formatPlural } from '../format/formatNumber.ts'
import { formatDateTime } from '../format/formatTime.ts'
import { shorten } from '../format/shorten.ts'
import { auditUrl } from '../url.ts'
import { labelOf, type NamedValue } from './flatten.ts'
import type { TxEvent, TxFacts } from './txFacts.ts'
import { ValueText } from './ValueText.tsx'

const PENDING_EVERY_MS = 1_000
const SETTLED_EVERY_MS = 15_000

/** One transaction, decoded: what was called, what it did, what it cost, and why it failed. */
const TxPage = ({ hash }: { hash: string }) => {
  const { data: chain } = useQuery(chainQuery())
  const query = useQuery({
    queryKey: ['tx', hash, chain?.deployment.genesisHash],
    queryFn: chain ? async () => (await import('./readTx.ts')).readTx(chain.deployment, hash) : skipToken,
    refetchInterval: ({ state }) => (state.data?.blockNumber == null ? PENDING_EVERY_MS : SETTLED_EVERY_MS),
  })
  return (
    <>
      <nav aria-label="Breadcrumb" className="mb-3 text-sm">
        <Link href={auditUrl()}>Audit</Link>
      </nav>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <PageTitle title={`Transaction ${shorten(hash)}`}>
          Transaction <Hash value={hash} what="the transaction's hash" />
        </PageTitle>
        {query.data && <Status status={query.data.status} />}
      </div>
      <Loaded query={query} what="the transaction" skeletonRows={8}>
        {(tx) => (tx === null ? <Unknown /> : <Parts tx={tx} />)}
      </Loaded>
    </>
  )
}
export default TxPage

const looks: Record<TxFacts['status'], { tone: Tone; text: string }> = {
  pending: { tone: 'busy', text: 'Pending' },
  succeeded: { tone: 'ok', text: 'Succeeded' },
  failed: { tone: 'bad', text: 'Failed' },
}

const Status = ({ status }: { status: TxFacts['status'] }) => (
  <span role="status">
    <Chip tone={looks[status].tone}>{looks[status].text}</Chip>
  </span>
)

const Unknown = () => (
  <p className="mt-4 max-w-prose text-muted">
    The market's node knows no such transaction. If your wallet just sent it, it appears here by itself; if
    not, it was dropped, replaced, or belongs to another chain or to this devnet before a reset.
  </p>
)

const Parts = ({ tx }: { tx: TxFacts }) => (
  <>
    <p className="mt-2 max-w-3xl text-pretty text-muted">{sentenceOf(tx)}</p>
    {tx.failure && (
      <div role="alert" className="mt-4 rounded-lg border border-bad bg-bad-soft p-4">
        <p className="font-semibold text-bad">The chain undid it</p>
        <p className="mt-1 [overflow-wrap:anywhere]">{tx.failure.text}</p>
        <p className="mt-1">No money moved but the gas. {tx.failure.suggestion}</p>
      </div>
    )}
    <div className="mt-6 grid gap-6 lg:grid-cols-2">
      <About tx={tx} />
      <Call tx={tx} />
      <Card
        title="What it did"
        className="lg:col-span-2"
        aside={tx.status === 'pending' ? 'not known yet' : formatPlural(tx.events.length, 'event')}
      >
        <Events tx={tx} />
      </Card>
    </div>
  </>
)

const sentenceOf = ({ status, call, toName, blockNumber }: TxFacts): string => {
  const what = call ? `A call of ${call.name} in the market's contract “${toName}”` : 'A transaction'
  if (status === 'pending') return `${what}, in no block yet. It may still be replaced or dropped.`
  return `${what}, in block ${formatCount(blockNumber ?? 0)}.`
}

const About = ({ tx }: { tx: TxFacts }) => (
  <Card title="About">
    <Facts
      facts={[
        ['From', <Hash key="from" value={tx.from} what="the sender" />],
        [
          'To',
          tx.to === null ? (
            'a new contract'
          ) : (
            <span key="to" className="inline-flex flex-wrap items-center justify-end gap-x-2">
              {tx.toName}
              <Hash value={tx.to} what="the receiver" />
            </span>
          ),
        ],
        ['Block', tx.blockNumber === null ? 'none yet' : formatCount(tx.blockNumber)],
        ['When', tx.at === null ? 'not yet' : formatDateTime(tx.at)],
        ['Blocks since', formatCount(tx.confirmations)],
        ['Coin sent with it', <Dev key="value" wei={tx.valueWei} unit="coin" />],
        [
          'Gas',
          tx.gasUsed === null
            ? `at most ${formatCount(Number(tx.gasLimit))}`
            : `${formatCount(Number(tx.gasUsed))} of ${formatCount(Number(tx.gasLimit))}`,
        ],
        ['Fee', tx.feeWei === null ? 'not known yet' : <Dev key="fee" wei={tx.feeWei} unit="coin" />],
        ['Number of the account', formatCount(tx.nonce)],
      ]}
    />
  </Card>
)

const Call = ({ tx: { call, inputBytes, toName } }: { tx: TxFacts }) => (
  <Card title="Call" aside={call ? `${toName}.${call.name}` : 'not one of the market'}>
    {call ? (
      <Values values={call.values} none="It has no arguments." />
    ) : (
      <p className="text-muted">
        {inputBytes === 0
          ? 'It calls nothing: it only sends coin.'
          : `Its ${formatPlural(inputBytes, 'byte')} of input are for a contract that is not the market's.`}
      </p>
    )}
  </Card>
)

const Events = ({ tx }: { tx: TxFacts }) => {
  if (tx.events.length === 0)
    return (
      <p className="text-muted">
        {tx.status === 'pending'
          ? 'Events come with the block.'
          : 'It changed nothing that the market tells of.'}
      </p>
    )
  return (
    <ol className="grid gap-4 lg:grid-cols-2">
      {tx.events.map((event) => (
        <Event key={event.key} event={event} />
      ))}
    </ol>
  )
}

const Event = ({ event: { source, name, values } }: { event: TxEvent }) => (
  <li className="min-w-0 rounded-lg border border-line p-4">
    <h3 className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4 font-semibold">
      {name === null ? 'An event that is not known here' : eventWords(name)}
      <span className="text-sm font-normal text-muted [overflow-wrap:anywhere]">
        {name === null ? source : `${source}.${name}`}
      </span>
    </h3>
    <Values values={values} none="It carries nothing." />
  </li>
)

const Values = ({ values, none }: { values: readonly NamedValue[]; none: string }) =>
  values.length === 0 ? (
    <p className="text-muted">{none}</p>
  ) : (
    <Facts
      facts={values.map(({ name, value }) => [
        labelOf(name),
        <ValueText key={name} name={name} value={value} />,
      ])}
    />
  )
