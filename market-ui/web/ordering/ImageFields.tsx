import { Field } from '../components/Field.tsx'
import { TextArea } from '../components/TextArea.tsx'
import type { Draft } from './draft.ts'

export type FieldProps = (name: keyof Draft) => {
  readonly value: string
  readonly onChange: (text: string) => void
  readonly problem: string | undefined
}

/** What a job needs whose program is in an image. */
export const ImageFields = ({ field, isFurther }: { field: FieldProps; isFurther: boolean }) => (
  <div className="grid gap-4">
    <Field
      label="Image"
      isMono
      readOnly={isFurther}
      hint="its Id: sha256: and 64 digits (docker image inspect --format {{.Id}}). The machine must accept it and its auditors must have it, or the order ends unproved; the review says what the machine says of it, and whether auditors passed such orders lately."
      {...field('image')}
    />
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label="Kind of model"
        hint="a word the program knows, such as chargpt"
        readOnly={isFurther}
        {...field('kind')}
      />
      <Field
        label="Largest checkpoint, MiB"
        inputMode="decimal"
        hint="a job that writes a longer one fails"
        {...field('checkpointMib')}
      />
    </div>
    <div className="grid gap-4 lg:grid-cols-2">
      <TextArea
        label="Command"
        readOnly={isFurther}
        hint="one argument a line, for the image's entrypoint; none: the image's own, which its Id covers. With a command no seller answers for the image with its stake."
        {...field('command')}
      />
      <TextArea
        label="Model settings"
        readOnly={isFurther}
        hint="one a line: layers = 4"
        {...field('modelSettings')}
      />
      <TextArea
        label="Hyper-parameters"
        hint="one a line: learningRate = 0.001. The batch size has its own field."
        {...field('hyperSettings')}
      />
      <TextArea
        label="Hosts it may reach"
        hint="one a line: files.example.com:443. None: the job has no network. A replay never has."
        {...field('egress')}
      />
    </div>
  </div>
)
