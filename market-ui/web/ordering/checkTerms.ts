import type { Machine } from '../../server/api/machineSchemas.ts'
import { formatSeconds } from '../format/formatTime.ts'
import type { Problems } from './checkJob.ts'
import type { Draft } from './draft.ts'
import { isPair } from './pairs.ts'

const MAX_STEP_MICROS = 2 ** 32 - 1

export type CheckedTerms = {
  readonly maxSeconds: number
  readonly stepMicros: number
  readonly problems: Problems
}

/** Whether a machine takes orders that are proved so, as jobs name it. */
export const takes = ({ proofModes }: Machine, mode: string): boolean =>
  proofModes?.some((one) => one.toLowerCase() === mode) ?? true

/** Checks the time a draft asks for against a machine's offer, and those of both machines of a refereed order. */
export const checkTerms = (draft: Draft, machine: Machine | undefined, second?: Machine): CheckedTerms => {
  const first = checkAgainst(draft, machine)
  if (draft.mode !== 'refereed') return first
  const other = checkAgainst(draft, second).problems
  const problems: Record<string, string> = { ...other, ...first.problems }
  if (other.machineId) problems.secondMachineId = `the second machine: ${other.machineId}`
  else if (machine && second && !isPair(machine, second))
    problems.secondMachineId = 'the second machine has to be another seller’s, in the same hardware class'
  if (first.problems.machineId === undefined) delete problems.machineId
  return { ...first, problems }
}

const checkAgainst = (draft: Draft, machine: Machine | undefined): CheckedTerms => {
  const maxSeconds = Math.round(Number(draft.maxMinutes) * 60)
  const stepMicros = Math.round(Number(draft.stepMillis) * 1000)
  const problems: Record<string, string> = {}
  if (machine === undefined) problems.machineId = 'choose a machine'
  else if (machine.offer === null || machine.status !== 'ForRent')
    problems.machineId = 'this machine is not free any more: choose another'
  if (!(maxSeconds >= 1)) problems.maxMinutes = 'a time in minutes is needed'
  const offer = machine?.offer
  if (offer && maxSeconds > offer.maxSeconds)
    problems.maxMinutes = `the machine is offered for at most ${formatSeconds(offer.maxSeconds)}`
  if (offer && maxSeconds < offer.minSeconds)
    problems.maxMinutes = `the machine is offered for at least ${formatSeconds(offer.minSeconds)}`
  if (machine && machine.proofModes !== null && !takes(machine, draft.mode))
    problems.machineId = 'this machine does not take orders in that proof mode: choose another'
  if (draft.mode !== 'none' && !(stepMicros >= 1 && stepMicros <= MAX_STEP_MICROS))
    problems.stepMillis = 'a time in milliseconds is needed, at least 0.001'
  return { maxSeconds, stepMicros, problems }
}
