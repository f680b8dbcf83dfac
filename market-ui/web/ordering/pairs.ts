import type { Machine } from '../../server/api/machineSchemas.ts'
import { takes } from './checkTerms.ts'

/** Whether two machines can check each other: of two sellers, and alike, since unlike hardware gives other bits. */
export const isPair = (a: Machine, b: Machine): boolean =>
  a.owner !== b.owner && a.hardwareClass === b.hardwareClass

const takesPairs = (machine: Machine): boolean => machine.proofModes !== null && takes(machine, 'refereed')

/** Whether any two of these take refereed orders together, now or later. */
export const hasPair = (machines: readonly Machine[]): boolean => {
  const able = machines.filter(takesPairs)
  return able.some((a) => able.some((b) => isPair(a, b)))
}
