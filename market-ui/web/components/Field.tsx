import { type ComponentProps, type ReactNode, useId } from 'react'

type Props = Omit<ComponentProps<'input'>, 'onChange' | 'value'> & {
  readonly label: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly hint?: ReactNode
  readonly problem?: string | undefined
  readonly isMono?: boolean
}

/** A labelled text field; what is wrong with it is said in words and to screen readers. */
export const Field = ({ label, hint, problem, onChange, isMono = false, className = '', ...rest }: Props) => {
  const id = useId()
  return (
    <div className={`min-w-0 ${className}`}>
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      <input
        id={id}
        type="text"
        autoComplete="off"
        spellCheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-about`}
        onChange={(event) => onChange(event.target.value)}
        className={`mt-1 w-full ${isMono ? 'font-mono text-[0.875em]' : ''} rounded-lg border bg-bg px-3 py-1.5 ${problem ? 'border-bad' : 'border-line-strong'}`}
        {...rest}
      />
      <p id={`${id}-about`} className="mt-1 text-sm">
        {problem && <span className="block font-medium text-bad">{problem}</span>}
        {hint && <span className="text-muted">{hint}</span>}
      </p>
    </div>
  )
}
