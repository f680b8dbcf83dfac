import { useQuery } from '@tanstack/react-query'
import type { Machine } from '../../server/api/machineSchemas.ts'
import { machinesQuery } from '../api/queries.ts'
import { Dev } from '../components/Dev.tsx'
import { Field } from '../components/Field.tsx'
import { Link } from '../components/Link.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { formatSeconds } from '../format/formatTime.ts'
import { rankMachines } from '../market/rankMachines.ts'
import { specsText } from '../market/specsText.ts'
import { machineUrl, marketUrl } from '../url.ts'
import { type CheckedTerms, takes } from './checkTerms.ts'
import type { StepProps } from './JobStep.tsx'
import { isPair } from './pairs.ts'

const MAX_SHOWN = 20

type Props = StepProps & { readonly checked: CheckedTerms; readonly steps: number }

/** Who trains it, for how long. */
export const MachineStep = ({ draft, change, showsProblems, checked, steps }: Props) => {
  const machines = useQuery(machinesQuery())
  const { problems, stepMicros } = checked
  const capSeconds = (steps * stepMicros) / 1e6
  return (
    <div className="grid gap-6">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Longest time, minutes"
          inputMode="decimal"
          value={draft.maxMinutes}
          onChange={(maxMinutes) => change({ maxMinutes })}
          problem={problems.maxMinutes}
          hint="You pay at most for this long. It can be extended while training runs."
        />
        {draft.mode !== 'none' && (
          <Field
            label="Agreed time of a step, milliseconds"
            inputMode="decimal"
            value={draft.stepMillis}
            onChange={(stepMillis) => change({ stepMillis })}
            problem={problems.stepMillis}
            hint={
              capSeconds > 0 &&
              `You never pay for more than proved steps x this: ${formatSeconds(capSeconds)} for all ${formatCount(steps)} steps.`
            }
          />
        )}
      </div>
      <fieldset>
        <legend className="font-medium">Machine</legend>
        {showsProblems && problems.machineId && <p className="font-medium text-bad">{problems.machineId}</p>}
        <Loaded query={machines} what="machines" skeletonRows={3}>
          {(data) => (
            <Machines
              name="machine"
              machines={data.machines.filter((machine) => takes(machine, draft.mode))}
              chosenId={draft.machineId}
              onChoose={(machineId) => change({ machineId })}
              none="No machine that takes this proof mode is free now. This list fills by itself when one is."
            />
          )}
        </Loaded>
      </fieldset>
      {draft.mode === 'refereed' && (
        <fieldset>
          <legend className="font-medium">The other seller's machine</legend>
          {showsProblems && problems.secondMachineId && (
            <p className="font-medium text-bad">{problems.secondMachineId}</p>
          )}
          <Loaded query={machines} what="machines" skeletonRows={3}>
            {(data) => <Others machines={data.machines} draft={draft} change={change} />}
          </Loaded>
        </fieldset>
      )}
    </div>
  )
}

type Chosen = Pick<StepProps, 'draft' | 'change'> & { readonly machines: readonly Machine[] }

/** Those that can check the first machine's work. */
const Others = ({ machines, draft, change }: Chosen) => {
  const first = machines.find(({ machineId }) => machineId === draft.machineId)
  if (first === undefined)
    return <p className="mt-2 text-muted">Choose the first machine; then those that fit are here.</p>
  return (
    <Machines
      name="secondMachine"
      machines={machines.filter((machine) => takes(machine, draft.mode) && isPair(first, machine))}
      chosenId={draft.secondMachineId}
      onChoose={(secondMachineId) => change({ secondMachineId })}
      none="No machine of another seller in the same hardware class that takes refereed orders is free now."
    />
  )
}

const Machines = ({
  name,
  machines,
  chosenId,
  onChoose,
  none,
}: {
  name: string
  machines: readonly Machine[]
  chosenId: string
  onChoose: (machineId: string) => void
  /** What is said when there are none. */
  none: string
}) => {
  const ranked = rankMachines(machines)
  const free = ranked.filter(({ machine }) => machine.status === 'ForRent' && machine.offer)
  const chosen = free.find(({ machine }) => machine.machineId === chosenId)
  const first = free.slice(0, MAX_SHOWN)
  const shown = chosen && !first.includes(chosen) ? [chosen, ...first] : first
  if (free.length === 0) return <p className="mt-2 text-muted">{none}</p>
  return (
    <>
      <ul className="mt-2 grid gap-2">
        {shown.map(({ machine }) => (
          <li key={machine.machineId}>
            <label className="flex cursor-pointer items-start gap-3 rounded-lg border border-line-strong px-4 py-3 has-checked:border-accent has-checked:bg-accent-soft">
              <input
                type="radio"
                name={name}
                checked={machine.machineId === chosenId}
                onChange={() => onChoose(machine.machineId)}
                className="mt-1 size-4"
              />
              <span className="grid min-w-0 flex-1 gap-x-6 gap-y-1 sm:grid-cols-3">
                <span className="font-medium">Machine #{machine.machineId}</span>
                <span>{machine.offer && <Dev wei={machine.offer.pricePerHourWei} per="hour" />}</span>
                <span>up to {formatSeconds(machine.offer?.maxSeconds ?? 0)}</span>
                <span className="min-w-0 break-words text-muted sm:col-span-3">{specsText(machine)}</span>
              </span>
            </label>
          </li>
        ))}
      </ul>
      <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-sm text-muted">
        {free.length > shown.length && `${formatCount(free.length)} are free; these rank first.`}
        {chosen && <Link href={machineUrl(chosen.machine.machineId)}>About this machine</Link>}
        <Link href={marketUrl()}>All machines</Link>
      </p>
    </>
  )
}
