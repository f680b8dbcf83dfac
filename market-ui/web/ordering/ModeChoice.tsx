import { Choice } from '../components/Choice.tsx'
import type { Draft } from './draft.ts'
import { offeredModes } from './proofModes.ts'

type Props = {
  readonly draft: Draft
  readonly change: (part: Partial<Draft>) => void
  readonly isFurther: boolean
}

/** How the order is to be proved, and what that comes to. */
export const ModeChoice = ({ draft, change, isFurther }: Props) => (
  <Choice
    label="Proof mode"
    value={draft.mode}
    // Only without proof may a program know nothing of steps and checkpoints.
    onChange={(mode) =>
      change({ mode, ...(mode !== 'none' && draft.profile === 'program' ? { profile: 'image' } : {}) })
    }
    disabled={isFurther}
    options={offeredModes.map(({ value, text }) => ({ value, text }))}
    hint={offeredModes.find(({ value }) => value === draft.mode)?.says}
  />
)
