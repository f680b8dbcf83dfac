import type { ReactNode } from 'react'

/** Names and values, one pair a line. */
export const Facts = ({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) => (
  <dl className="grid gap-2">
    {facts.map(([name, value]) => (
      <div key={name} className="flex items-baseline justify-between gap-4">
        <dt className="flex-none text-muted">{name}</dt>
        <dd className="min-w-0 text-right [overflow-wrap:anywhere]">{value}</dd>
      </div>
    ))}
  </dl>
)
