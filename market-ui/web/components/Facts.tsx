import type { ReactNode } from 'react'

/** Names and values, one pair a line. */
export const Facts = ({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) => (
  <dl className="grid gap-2">
    {facts.map(([name, value]) => (
      <div key={name} className="flex flex-wrap items-baseline justify-between gap-x-4">
        <dt className="min-w-0 text-muted [overflow-wrap:anywhere]">{name}</dt>
        <dd className="ml-auto min-w-0 text-right [overflow-wrap:anywhere]">{value}</dd>
      </div>
    ))}
  </dl>
)
