import { useId } from 'react'

type Props = {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly options: readonly { readonly value: string; readonly text: string }[]
  readonly hint?: string | undefined
  readonly className?: string
  readonly disabled?: boolean
}

/** A labelled list to choose from, the browser's own. */
export const Choice = ({ label, value, onChange, options, hint, className = '', disabled }: Props) => {
  const id = useId()
  return (
    <div className={`min-w-0 ${className}`}>
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value)}
        aria-describedby={`${id}-about`}
        className="mt-1 min-h-9 w-full rounded-lg border border-line-strong bg-bg px-3 py-1.5"
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
      <p id={`${id}-about`} className="mt-1 text-sm text-muted">
        {hint}
      </p>
    </div>
  )
}
