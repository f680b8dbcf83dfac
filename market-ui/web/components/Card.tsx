import { type ReactNode, useId } from 'react'

type Props = {
  readonly title: string
  readonly children: ReactNode
  /** A remark or control beside the title. */
  readonly aside?: ReactNode
  /** Tables run to the card's edges. */
  readonly flush?: boolean
  readonly className?: string
}

/** One named part of a page. */
export const Card = ({ title, aside, children, flush = false, className = '' }: Props) => {
  const id = useId()
  return (
    <section aria-labelledby={id} className={`min-w-0 rounded-xl border border-line bg-surface ${className}`}>
      <div className="flex min-h-14 flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-3 sm:px-6">
        <h2 id={id} className="text-base font-semibold">
          {title}
        </h2>
        {aside && <div className="text-sm text-muted">{aside}</div>}
      </div>
      <div className={flush ? 'border-t border-line' : 'px-4 pb-5 sm:px-6'}>{children}</div>
    </section>
  )
}
