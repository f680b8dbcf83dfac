import { Button } from '../components/Button.tsx'
import { Field } from '../components/Field.tsx'
import { DataField } from './DataField.tsx'
import { type Draft, randomSeed } from './draft.ts'
import { type FieldProps, ImageFields } from './ImageFields.tsx'

type Props = {
  readonly draft: Draft
  readonly change: (part: Partial<Draft>) => void
  readonly field: FieldProps
}

/** What a training job needs, and, where it is proved, how it is cut into pieces for that. */
export const TrainingFields = ({ draft, change, field }: Props) => {
  const isImage = draft.profile === 'image'
  const isFurther = draft.resumeOrder !== ''
  return (
    <>
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
      {draft.mode !== 'none' && (
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
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
          {draft.mode === 'tolerance' && (
            <>
              <Field
                label="Farthest end"
                inputMode="decimal"
                hint="of a segment from a replay's, per tensor, in parts of what the replay learnt; calibrate it for your job"
                {...field('farthest')}
              />
              <Field
                label="Farthest direction"
                inputMode="decimal"
                hint="1 - cosine of the two updates"
                {...field('cosine')}
              />
            </>
          )}
        </div>
      )}
    </>
  )
}
