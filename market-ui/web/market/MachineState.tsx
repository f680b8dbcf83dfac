import type { Machine } from '../../server/api/machineSchemas.ts'
import { Chip, type Tone } from '../components/Chip.tsx'

/** A machine's state in a word. */
export const stateWords: Record<Machine['status'], { tone: Tone; text: string }> = {
  None: { tone: 'neutral', text: 'Removed' },
  Idle: { tone: 'neutral', text: 'Not offered' },
  ForRent: { tone: 'ok', text: 'Free' },
  Renting: { tone: 'busy', text: 'Working' },
}

export const MachineState = ({ machine }: { machine: Pick<Machine, 'status'> }) => (
  <Chip tone={stateWords[machine.status].tone}>{stateWords[machine.status].text}</Chip>
)
