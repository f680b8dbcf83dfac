import type { ReactNode } from 'react'
import { CopyButton } from './CopyButton.tsx'

/** Nothing is there yet: says so, and what brings something. */
export const EmptyState = ({
  title,
  children,
  command,
}: {
  title: string
  children: ReactNode
  command: string
}) => (
  <div className="px-4 py-10 text-center sm:px-6">
    <p className="font-medium">{title}</p>
    <p className="mx-auto mt-1 max-w-prose text-muted">{children}</p>
    <p className="mt-4 inline-flex max-w-full items-center gap-2 rounded-lg border border-line bg-raised py-1.5 pr-2 pl-3 text-left">
      <code className="min-w-0 font-mono text-sm break-words">{command}</code>
      <CopyButton text={command} what="the command" />
    </p>
  </div>
)
