import type { ReactNode } from 'react'

type Props = {
  readonly tone: 'warn' | 'bad'
  readonly title: string
  readonly children: ReactNode
  readonly onDismiss?: () => void
}

const looks = { warn: 'border-warn bg-warn-soft', bad: 'border-bad bg-bad-soft' }

/** Something that holds for the whole page. */
export const Banner = ({ tone, title, children, onDismiss }: Props) => (
  <div role="alert" className={`border-b ${looks[tone]}`}>
    <div className="mx-auto flex max-w-6xl flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3 sm:px-6">
      <p className="min-w-0 flex-1 basis-64">
        <strong className={`font-semibold ${tone === 'warn' ? 'text-warn' : 'text-bad'}`}>{title}</strong>{' '}
        {children}
      </p>
      {onDismiss && (
        <button
          type="button"
          onClick={onDismiss}
          className="rounded-lg border border-line-strong bg-surface px-3 py-1 text-sm font-medium hover:bg-raised"
        >
          Dismiss
        </button>
      )}
    </div>
  </div>
)
