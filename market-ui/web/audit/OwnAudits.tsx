import { useQuery } from '@tanstack/react-query'
import { auditorQuery } from '../api/queries.ts'
import { Card } from '../components/Card.tsx'
import { Dev } from '../components/Dev.tsx'
import { Facts } from '../components/Facts.tsx'
import { Link } from '../components/Link.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { inboxUrl } from '../url.ts'

/** What the connected account did and earned as an auditor. */
export const OwnAudits = ({ account }: { account: string }) => {
  const query = useQuery(auditorQuery(account))
  return (
    <Card title="Your audits" aside="of the last 200 panels">
      <Loaded query={query} what="your audits" skeletonRows={2}>
        {({ drawn, open, earnedWei }) =>
          drawn === 0 ? (
            <p className="text-muted">
              This account was never drawn. Auditors bond a stake, take a seat, and run{' '}
              <code className="font-mono text-[0.875em]">trainyard-verify watch</code>.
            </p>
          ) : (
            <>
              <Facts
                facts={[
                  ['Drawn for', formatCount(drawn)],
                  ['Not settled yet', formatCount(open)],
                  ['Earned', <Dev key="earned" wei={earnedWei} />],
                ]}
              />
              <p className="mt-3 text-sm text-muted">
                What you are drawn for is in the <Link href={inboxUrl()}>inbox</Link>.
              </p>
            </>
          )
        }
      </Loaded>
    </Card>
  )
}
