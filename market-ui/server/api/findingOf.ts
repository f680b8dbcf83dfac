import { findings } from '@trainyard/contracts/findings.ts'
import type { Finding } from './schemas.ts'

const NOTHING = /^0x0{64}$/

/** What a bytes32 of a dispute says: one of the words a juror can find, else a state root; null for zero. */
export const findingOf = (found: string): Finding | null => {
  if (NOTHING.test(found)) return null
  const word = Object.entries(findings).find(([, hash]) => hash === found)?.[0]
  return (word as keyof typeof findings | undefined) ?? found
}
