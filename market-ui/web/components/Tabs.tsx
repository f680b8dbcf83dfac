import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react'

type Tab<Name extends string> = {
  readonly name: Name
  readonly text: string
  /** Beside the text, such as a number. */
  readonly note?: ReactNode
}

type Props<Name extends string> = {
  readonly label: string
  readonly tabs: readonly Tab<Name>[]
  readonly current: Name
  readonly onChange: (name: Name) => void
  readonly children: ReactNode
}

/** Keys that move between tabs, by how far; Home and End go to either end. */
const moves: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 }

/**
 * Parts of a page of which one is shown (ARIA's tabs pattern): Tab reaches the chosen one, arrows choose another.
 * `children` is the chosen part.
 */
export const Tabs = <Name extends string>({ label, tabs, current, onChange, children }: Props<Name>) => {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const choose = (name: Name) => {
    onChange(name)
    list.current?.querySelector<HTMLElement>(`[data-name="${name}"]`)?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ name }) => name === current)
    const move = moves[event.key]
    const ends: Readonly<Record<string, number>> = { Home: 0, End: tabs.length - 1 }
    const to = move === undefined ? ends[event.key] : (at + move + tabs.length) % tabs.length
    const next = to === undefined ? undefined : tabs[to]
    if (next === undefined || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    choose(next.name)
  }
  return (
    <>
      <div
        ref={list}
        role="tablist"
        aria-label={label}
        onKeyDown={onKeyDown}
        className="mt-6 flex flex-wrap gap-x-1 border-b border-line"
      >
        {tabs.map(({ name, text, note }) => {
          const isChosen = name === current
          return (
            <button
              key={name}
              type="button"
              role="tab"
              id={`${id}-${name}`}
              data-name={name}
              aria-selected={isChosen}
              aria-controls={isChosen ? `${id}-panel` : undefined}
              tabIndex={isChosen ? 0 : -1}
              onClick={() => onChange(name)}
              className={`-mb-px flex min-h-10 items-center gap-2 border-b-2 px-3 font-medium ${isChosen ? 'border-accent text-text' : 'border-transparent text-muted hover:text-text'}`}
            >
              {text}
              {note}
            </button>
          )
        })}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${current}`} className="mt-6">
        {children}
      </div>
    </>
  )
}
