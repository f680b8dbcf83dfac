import { useQuery } from '@tanstack/react-query'
import { machinesQuery } from '../api/queries.ts'
import { Choice } from '../components/Choice.tsx'
import type { Draft } from './draft.ts'
import { hasPair } from './pairs.ts'
import { modeHint, offeredModes } from './proofModes.ts'

type Props = {
  readonly draft: Draft
  readonly change: (part: Partial<Draft>) => void
  readonly isFurther: boolean
}

/** How the order is to be proved, and what that comes to. */
export const ModeChoice = ({ draft, change, isFurther }: Props) => {
  const { data } = useQuery(machinesQuery())
  const isPairThere = hasPair(data?.machines ?? [])
  // Where no two sellers take it there is nothing to choose.
  const isOffered = (mode: string) =>
    mode !== 'refereed' || draft.mode === mode || (!isFurther && isPairThere)
  return (
    <Choice
      label="Proof mode"
      value={draft.mode}
      // Only without proof may a program know nothing of steps and checkpoints.
      onChange={(mode) =>
        change({ mode, ...(mode !== 'none' && draft.profile === 'program' ? { profile: 'image' } : {}) })
      }
      disabled={isFurther}
      options={offeredModes
        .filter(({ value }) => isOffered(value))
        .map(({ value, text }) => ({ value, text }))}
      hint={modeHint(draft.mode, isPairThere || isFurther || data === undefined)}
    />
  )
}
