import { CannotContinue } from '../errors.ts'
import type { SeedRecord } from '../journal/openJournal.ts'
import type { OrderContext } from './context.ts'

/** A window's evidence as it was signed, and the seed that it was trained with. Throws CannotContinue without either. */
export function signedWindow({ journal, orderId }: OrderContext, window: number) {
  const evidence = journal.evidenceOf(orderId, window)
  const seed: SeedRecord | undefined = journal.seedsOf(orderId)[window]
  if (!seed) throw new CannotContinue(`The seed of window ${window} is missing.`, 'Report this.')
  if (!evidence) throw new CannotContinue(`The evidence of window ${window} is missing.`, 'Report this.')
  return { evidence, seed }
}
