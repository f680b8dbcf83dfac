import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { templatesQuery } from '../api/queries.ts'
import { Button } from '../components/Button.tsx'
import { Choice } from '../components/Choice.tsx'
import { Field } from '../components/Field.tsx'
import { SkeletonRows } from '../components/Skeleton.tsx'
import { formatCount, formatPlural } from '../format/formatNumber.ts'
import { type CheckedJob, windowsOf } from './checkJob.ts'
import { DataField } from './DataField.tsx'
import { type Draft, draftOf, randomSeed } from './draft.ts'
import { ImageFields } from './ImageFields.tsx'
import { ResumePart } from './ResumePart.tsx'

export type StepProps = {
  readonly draft: Draft
  readonly change: (part: Partial<Draft>) => void
  readonly showsProblems: boolean
}

/** What to train. */
export const JobStep = ({ draft, change, showsProblems, checked }: StepProps & { checked: CheckedJob }) => {
  const { job } = checked
  const isImage = draft.profile === 'image'
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
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Name" maxLength={64} {...field('name')} />
        <Choice
          label="Program"
          value={draft.profile}
          onChange={(profile) => change({ profile })}
          disabled={isFurther}
          options={[
            { value: 'canonical', text: 'The canonical trainer' },
            { value: 'image', text: 'A program in an image' },
          ]}
          hint={
            isImage
              ? 'runs in a container that is locked down'
              : 'a small network, the same bits on every machine'
          }
        />
      </div>
      {isImage ? (
        <ImageFields field={field} isFurther={isFurther} />
      ) : (
        <Field
          label="Layers"
          inputMode="numeric"
          hint="Neurons of each layer, pixels first: 256, 64, 10"
          readOnly={isFurther}
          {...field('layers')}
        />
      )}
      <div className="grid gap-4 lg:grid-cols-2">
        <DataField
          label="Training data"
          cid={draft.train}
          onCid={(train) => change({ train })}
          problem={field('train').problem}
        />
        <DataField
          label="Held-out data"
          cid={draft.heldOut}
          onCid={(heldOut) => change({ heldOut })}
          problem={field('heldOut').problem}
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <Field label="Steps" inputMode="numeric" {...field('steps')} />
        <Field label="Batch size" inputMode="numeric" {...field('batchSize')} />
        {!isImage && (
          <>
            <Field label="Learning rate" inputMode="decimal" {...field('learningRate')} />
            <Field label="Momentum" inputMode="decimal" {...field('momentum')} />
          </>
        )}
      </div>
      <div className="flex flex-wrap items-start gap-3">
        <Field
          label="Seed"
          isMono
          className="flex-1 basis-72"
          hint="32 bytes: fixes initialisation and order of the data"
          {...field('seed')}
        />
        <Button onClick={() => change({ seed: randomSeed() })} className="mt-7">
          Draw a seed
        </Button>
      </div>
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-5">
        <Field
          label="Checkpoint every"
          inputMode="numeric"
          hint="steps: one segment, the piece an auditor re-runs"
          {...field('stepsPerSegment')}
        />
        <Field
          label="Commit every"
          inputMode="numeric"
          hint="segments: one transaction"
          {...field('segmentsPerWindow')}
        />
        <Field
          label="Segments drawn"
          inputMode="numeric"
          hint="by lot, besides the first and the last"
          {...field('draws')}
        />
        <Choice
          label="Proof mode"
          value="bitwise"
          onChange={() => undefined}
          options={[{ value: 'bitwise', text: 'Bitwise' }]}
          hint="An auditor must get every bit. Tolerance, referees and renting without proof are not offered yet."
        />
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
                change(draftOf(job))
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
