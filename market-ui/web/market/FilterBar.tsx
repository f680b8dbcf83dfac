import { Choice } from '../components/Choice.tsx'
import { Field } from '../components/Field.tsx'
import { replaceSearch, useSearch } from '../live/useRoute.ts'
import { type Chip, chipsOf, type FilterKey, type Filters, withFilter } from './filters.ts'
import { readSorting, sortings } from './sortRows.ts'

const fields: readonly { key: FilterKey; label: string; isNumber: boolean }[] = [
  { key: 'q', label: 'Search', isNumber: false },
  { key: 'gpu', label: 'GPU model', isNumber: false },
  { key: 'gpus', label: 'GPUs, at least', isNumber: true },
  { key: 'vram', label: 'VRAM from, GiB', isNumber: true },
  { key: 'driver', label: 'Driver from', isNumber: true },
  { key: 'cuda', label: 'CUDA from', isNumber: true },
  { key: 'memory', label: 'Memory from, GiB', isNumber: true },
  { key: 'disk', label: 'Disk from, GiB', isNumber: true },
  { key: 'region', label: 'Region', isNumber: false },
  { key: 'price', label: 'DEV an hour, at most', isNumber: true },
  { key: 'minutes', label: 'Minutes, at least', isNumber: true },
  { key: 'done', label: 'Reliability from, %', isNumber: true },
  { key: 'uptime', label: 'Uptime from, %', isNumber: true },
  { key: 'score', label: 'Score from, ut a day', isNumber: true },
  { key: 'proved', label: 'Proved within, hours', isNumber: true },
]

/** What narrows the list. Everything is in the address, and everything in force is a chip. */
export const FilterBar = ({ active }: { active: Filters }) => {
  const search = useSearch()
  const given = new URLSearchParams(search)
  const set = (key: FilterKey, value: string | undefined) => replaceSearch(withFilter(search, key, value))
  const sort = (value: string) => {
    given.set('sort', value)
    replaceSearch(`?${given}`)
  }
  return (
    <div className="grid gap-3 px-4 pb-4 sm:px-6">
      <details>
        <summary className="cursor-pointer py-1 font-medium text-accent">Filter and sort</summary>
        <div className="mt-2 grid grid-cols-2 gap-x-4 gap-y-1 sm:grid-cols-3 lg:grid-cols-5">
          <Choice
            label="State"
            value={active.state ?? 'any'}
            onChange={(value) => set('state', value === 'any' ? undefined : value)}
            options={[
              { value: 'offered', text: 'Offered' },
              { value: 'free', text: 'Free now' },
              { value: 'any', text: 'Any' },
            ]}
          />
          <Choice
            label="Proof"
            value={active.proof ?? 'any'}
            onChange={(value) => set('proof', value === 'any' ? undefined : value)}
            options={[
              { value: 'any', text: 'Any' },
              { value: 'bitwise', text: 'Bitwise' },
              { value: 'refereed', text: 'Refereed' },
              { value: 'tolerance', text: 'Tolerance' },
              { value: 'none', text: 'No proof' },
            ]}
          />
          {fields.map(({ key, label, isNumber }) => (
            <Field
              key={key}
              label={label}
              inputMode={isNumber ? 'decimal' : 'text'}
              value={given.get(key) ?? ''}
              onChange={(value) => set(key, value)}
              problem={given.get(key) && active[key] === undefined ? 'not understood' : undefined}
            />
          ))}
          <Choice
            label="Sort by"
            value={readSorting(search)}
            onChange={sort}
            options={Object.entries(sortings).map(([value, text]) => ({ value, text }))}
          />
        </div>
      </details>
      <Chips chips={chipsOf(active)} onRemove={(key) => set(key, undefined)} />
    </div>
  )
}

const Chips = ({ chips, onRemove }: { chips: readonly Chip[]; onRemove: (key: FilterKey) => void }) => (
  <ul aria-label="Filters in force" className="flex flex-wrap gap-2">
    {chips.map(({ key, text }) => (
      <li key={key}>
        <button
          type="button"
          onClick={() => onRemove(key)}
          aria-label={`Remove filter: ${text}`}
          className="inline-flex min-h-7 items-center gap-2 rounded-full border border-line-strong bg-raised px-3 text-sm font-medium break-all hover:bg-surface"
        >
          {text}
          <svg viewBox="0 0 16 16" className="size-3 flex-none" aria-hidden="true">
            <path d="m3 3 10 10m0-10L3 13" stroke="currentColor" strokeWidth="2" />
          </svg>
        </button>
      </li>
    ))}
  </ul>
)
