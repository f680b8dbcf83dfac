import { type ReactNode, useId } from 'react'

type Props = {
  readonly label: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly hint?: ReactNode
  readonly problem?: string | undefined
  readonly readOnly?: boolean
}

/** A labelled field of several lines. */
export const TextArea = ({ label, value, onChange, hint, problem, readOnly }: Props) => {
  const id = useId()
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      <textarea
        id={id}
        rows={4}
        spellCheck={false}
        value={value}
        readOnly={readOnly}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-about`}
        onChange={(event) => onChange(event.target.value)}
        className={`mt-1 w-full rounded-lg border bg-bg px-3 py-1.5 font-mono text-[0.875em] ${problem ? 'border-bad' : 'border-line-strong'}`}
      />
      <p id={`${id}-about`} className="mt-1 text-sm">
        {problem && <span className="block font-medium text-bad">{problem}</span>}
        {hint && <span className="text-muted">{hint}</span>}
      </p>
    </div>
  )
}
