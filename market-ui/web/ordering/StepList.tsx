export const stepNames = ['Job', 'Machine', 'Review', 'Sign'] as const
export type StepName = (typeof stepNames)[number]

type Props = {
  readonly current: StepName
  readonly isReady: Readonly<Record<StepName, boolean>>
  readonly onGo: (step: StepName) => void
}

/** The four steps; those that can be reached are buttons. */
export const StepList = ({ current, isReady, onGo }: Props) => (
  <nav aria-label="Steps of the order" className="mt-6">
    <ol className="flex flex-wrap gap-2">
      {stepNames.map((name, index) => (
        <li key={name}>
          <button
            type="button"
            disabled={!isReady[name]}
            aria-current={name === current ? 'step' : undefined}
            onClick={() => onGo(name)}
            className={`min-h-9 rounded-full border px-3.5 py-1 font-medium disabled:cursor-not-allowed disabled:border-line disabled:text-muted ${name === current ? 'border-accent bg-accent-soft text-accent' : 'border-line-strong bg-surface'}`}
          >
            {index + 1}. {name}
          </button>
        </li>
      ))}
    </ol>
  </nav>
)
