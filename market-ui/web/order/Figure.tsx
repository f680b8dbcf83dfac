import type { ReactNode } from 'react'

type Props = { readonly name: string; readonly note: ReactNode; readonly children: ReactNode }

/** One number with its name and what it means. */
export const Figure = ({ name, note, children }: Props) => (
  <div className="min-w-0">
    <dt className="text-sm text-muted">{name}</dt>
    <dd className="mt-0.5 text-xl font-semibold tracking-tight">{children}</dd>
    <dd className="text-sm text-muted">{note}</dd>
  </div>
)

export const Absent = () => (
  <span className="font-normal text-muted">
    <span aria-hidden="true">–</span>
    <span className="sr-only">not known</span>
  </span>
)
