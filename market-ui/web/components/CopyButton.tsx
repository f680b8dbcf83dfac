import { useEffect, useState } from 'react'

const SHOWN_MS = 1_500

/** Copies a text and says so, to the eye and to a screen reader. */
export const CopyButton = ({ text, what }: { text: string; what: string }) => {
  const [outcome, setOutcome] = useState<'copied' | 'failed' | undefined>()
  useEffect(() => {
    if (outcome === undefined) return
    const timer = setTimeout(() => setOutcome(undefined), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [outcome])
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    )
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={`Copy ${what}`}
      title={`Copy ${what}`}
      className="inline-grid size-6 flex-none place-items-center rounded text-muted hover:bg-raised hover:text-text"
    >
      <svg
        viewBox="0 0 16 16"
        className="size-4"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      >
        {outcome === 'copied' ? (
          <path d="m3 8.5 3.2 3.2L13 4.5" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
        ) : (
          <path d="M5.5 5.5h7v8h-7zM3.5 10.5v-8h7" strokeLinejoin="round" />
        )}
      </svg>
      <span role="status" className="sr-only">
        {outcome === 'copied' && 'Copied'}
        {outcome === 'failed' && 'The browser did not allow copying'}
      </span>
    </button>
  )
}
