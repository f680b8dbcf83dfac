import type { Dispute, Finding } from '../../server/api/schemas.ts'
import { Card } from '../components/Card.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Hash } from '../components/Hash.tsx'
import { formatCount } from '../format/formatNumber.ts'

type Claim = {
  readonly side: 'Seller' | 'Challenger'
  readonly account: string
  readonly root: Finding | null
}

const columns: readonly Column<Claim>[] = [
  { header: 'Side', isRowHeader: true, cell: ({ side }) => side },
  {
    header: 'Account',
    cell: ({ account, side }) => <Hash value={account} what={`the ${side.toLowerCase()}'s address`} />,
  },
  { header: 'Says', cell: (claim) => <Says claim={claim} /> },
]

const Says = ({ claim: { root, side } }: { claim: Claim }) => {
  if (root === 'valid') return 'all of it holds'
  if (root === null) return 'it does not hold, or is not served'
  return <Hash value={root} what={`the state as the ${side.toLowerCase()} says`} />
}

/** What either side says. */
export const ClaimsCard = ({ dispute, className }: { dispute: Dispute; className: string }) => {
  const { seller, challenger, sellerRoot, challengerRoot, firstStep, step, agreedRoot, answer } = dispute
  const claims: Claim[] = [
    { side: 'Seller', account: seller, root: sellerRoot },
    { side: 'Challenger', account: challenger, root: challengerRoot },
  ]
  const about = step > 0 ? `the state after step ${formatCount(firstStep + step)}` : 'the segment'
  return (
    <Card title="Claims" flush className={className} aside={`about ${about}`}>
      <DataTable
        caption="What either side says"
        columns={columns}
        rows={claims}
        rowKey={({ side }) => side}
      />
      <p className="border-t border-line px-4 py-3 text-muted sm:px-6">
        {agreedRoot && (
          <>
            Both have the state <Hash value={agreedRoot} what="the state both agree on" /> before that step.{' '}
          </>
        )}
        {answers[answer ?? 'none']}
      </p>
    </Card>
  )
}

const answers = {
  none: 'The seller has not answered.',
  served: 'The seller answered that everything is served, and left it to the jury.',
  steps: 'The seller answered with the step on which it differs, so the jury has one step to decide.',
} as const
