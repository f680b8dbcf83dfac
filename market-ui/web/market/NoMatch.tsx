import { Button } from '../components/Button.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { replaceSearch, useSearch } from '../live/useRoute.ts'
import { type Filters, loosenings, withFilter } from './filters.ts'
import type { Ranked } from './rankMachines.ts'

/** Nothing passes the filters: which one to loosen, and how many machines that would add. */
export const NoMatch = ({ rows, active }: { rows: readonly Ranked[]; active: Filters }) => {
  const search = useSearch()
  const ways = loosenings(rows, active)
  return (
    <div className="border-t border-line px-4 py-8 text-center sm:px-6">
      <p className="font-medium">0 of {formatCount(rows.length)} machines match</p>
      {ways.length > 0 ? (
        <>
          <p className="mt-1 text-muted">Loosen one of these:</p>
          <ul className="mt-3 flex flex-wrap justify-center gap-2">
            {ways.map(({ key, text, adds }) => (
              <li key={key}>
                <Button onClick={() => replaceSearch(withFilter(search, key, undefined))}>
                  {text}: without it +{formatCount(adds)}
                </Button>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <>
          <p className="mt-1 text-muted">No single filter is the reason: several together leave nothing.</p>
          <p className="mt-3">
            <Button onClick={() => replaceSearch('?state=any')}>Remove all filters</Button>
          </p>
        </>
      )}
    </div>
  )
}
