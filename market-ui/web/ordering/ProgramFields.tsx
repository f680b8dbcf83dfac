import { Field } from '../components/Field.tsx'
import { TextArea } from '../components/TextArea.tsx'
import type { FieldProps } from './ImageFields.tsx'

/** What any program needs that is run without proof. */
export const ProgramFields = ({ field }: { field: FieldProps }) => (
  <div className="grid gap-4">
    <Field
      label="Image"
      isMono
      hint="its Id: sha256: and 64 digits (docker image inspect --format {{.Id}}). The machine must accept it. What it prints is the log, what it leaves in /job/out/result is the result."
      {...field('image')}
    />
    <div className="grid gap-4 lg:grid-cols-2">
      <TextArea
        label="Command"
        hint="one argument a line, for the image's entrypoint; none: the image's own"
        {...field('command')}
      />
      <TextArea
        label="Hosts it may reach"
        hint="one a line: files.example.com:443. None: it has no network."
        {...field('egress')}
      />
    </div>
  </div>
)
