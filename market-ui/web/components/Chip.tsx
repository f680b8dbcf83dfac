import type { ReactNode } from 'react'

export type Tone = 'neutral' | 'busy' | 'ok' | 'warn' | 'bad'

const looks: Record<Tone, { box: string; icon: string }> = {
  neutral: { box: 'bg-raised text-muted', icon: 'M3 8h10' },
  busy: { box: 'bg-accent-soft text-accent', icon: 'M8 2.4a5.6 5.6 0 1 1-.01 0M8 5v3.2l2.2 1.4' },
  ok: { box: 'bg-ok-soft text-ok', icon: 'm3.5 8.5 3 3 6-7' },
  warn: { box: 'bg-warn-soft text-warn', icon: 'M8 3.5v5.5M8 12.2v.1' },
  bad: { box: 'bg-bad-soft text-bad', icon: 'm4 4 8 8m0-8-8 8' },
}

/** A word with a shape and a colour: the shape is there for those who do not see the colour. */
export const Chip = ({ tone, children }: { tone: Tone; children: ReactNode }) => (
  <span
    className={`inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-sm font-medium whitespace-nowrap ${looks[tone].box}`}
  >
    <svg viewBox="0 0 16 16" className="size-3.5 flex-none" aria-hidden="true">
      <path
        d={looks[tone].icon}
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
        fill="none"
      />
    </svg>
    {children}
  </span>
)
