import { useQuery } from '@tanstack/react-query'
import { isRental } from '@trainyard/verifier/rental.ts'
import { useState } from 'react'
import { templatesQuery } from '../api/queries.ts'
import { Button } from '../components/Button.tsx'
import { Choice } from '../components/Choice.tsx'
import { Field } from '../components/Field.tsx'
import { SkeletonRows } from '../components/Skeleton.tsx'
import { formatCount, formatPlural } from '../format/formatNumber.ts'
import { type CheckedJob, windowsOf } from './checkJob.ts'
import { type Draft, draftOf } from './draft.ts'
import { ModeChoice } from './ModeChoice.tsx'
import { ProgramFields } from './ProgramFields.tsx'
import { ResumePart } from './ResumePart.tsx'
import { TrainingFields } from './TrainingFields.tsx'

export type StepProps = {
  readonly draft: Draft
  readonly change: (part: Partial<Draft>) => void
  readonly showsProblems: boolean
}

/** What to train. */
export const JobStep = ({ draft, change, showsProblems, checked }: StepProps & { checked: CheckedJob }) => {
  const { job } = checked
  const isProgram = draft.profile === 'program'
  const isFurther = draft.resumeOrder !== ''
  const field = (name: keyof Draft) => ({
    value: draft[name],
    onChange: (text: string) => change({ [name]: text }),
    problem: showsProblems || draft[name] !== '' ? checked.problems[name] : undefined,
  })
  return (
    <div className="grid grid-cols-1 gap-6">
      {isFurther ? (
        <ResumePart key={draft.resumeOrder} draft={draft} change={change} />
      ) : (
        <Templates change={change} />
      )}
      <ModeChoice draft={draft} change={change} isFurther={isFurther} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Name" maxLength={64} {...field('name')} />
        <Choice
          label="Program"
          value={draft.profile}
          onChange={(profile) => change({ profile })}
          disabled={isFurther}
          options={[
            { value: 'canonical', text: 'The canonical trainer' },
            { value: 'image', text: 'A training program in an image' },
            ...(draft.mode === 'none' ? [{ value: 'program', text: 'Any program in an image' }] : []),
          ]}
          hint={
            draft.profile === 'canonical'
              ? 'a small network, the same bits on every machine'
              : 'runs in a container that is locked down'
          }
        />
      </div>
      {isProgram ? (
        <ProgramFields field={field} />
      ) : (
        <TrainingFields draft={draft} change={change} field={field} />
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <Choice
          label="Who may watch"
          value={draft.access}
          onChange={(access) => change({ access })}
          options={[
            { value: 'public', text: 'Everybody' },
            { value: 'private', text: 'Only the parties' },
          ]}
          hint="Only the parties: loss, log and checkpoints open with a signature of a party or auditor. Terms, proofs and money are public anyway."
        />
      </div>
      <p role="status" className="text-muted">
        {job &&
          !isRental(job) &&
          `${formatPlural(job.steps, 'step')} are ${formatPlural(Math.ceil(job.steps / job.stepsPerSegment), 'segment')} in ${formatPlural(windowsOf(job), 'window')}.`}
      </p>
    </div>
  )
}

const Templates = ({ change }: { change: (part: Partial<Draft>) => void }) => {
  const { data } = useQuery(templatesQuery())
  const [taken, setTaken] = useState<string | undefined>()
  if (data === undefined) return <SkeletonRows rows={2} what="the samples" />
  if (data.templates.length === 0) return null
  return (
    <div>
      <p className="font-medium">Start from a sample</p>
      <ul className="mt-2 grid gap-2">
        {data.templates.map(({ name, about, job }) => (
          <li key={name} className="flex flex-wrap items-center gap-3">
            <Button
              onClick={() => {
                const { mode: _mode, ...fields } = draftOf(job)
                change(fields)
                setTaken(name)
              }}
            >
              Use {name}
            </Button>
            <span className="text-muted">
              {about}; {formatCount(job.steps)} steps
            </span>
          </li>
        ))}
      </ul>
      <p role="status" className="sr-only">
        {taken && `The fields are filled from ${taken}.`}
      </p>
    </div>
  )
}
