import { Link } from './components/Link.tsx'
import { PageTitle } from './components/PageTitle.tsx'
import { marketUrl } from './url.ts'

export const NotFoundPage = () => (
  <div className="py-10">
    <PageTitle title="Not found">There is no such page</PageTitle>
    <p className="mt-2 text-muted">
      The address is wrong or the page is gone. <Link href={marketUrl()}>Back to the market</Link>
    </p>
  </div>
)
