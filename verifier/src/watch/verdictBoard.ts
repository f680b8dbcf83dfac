import { type VerdictNote, verdictNotesSchema } from '../verdictNote.ts'
import { postNote } from './postNote.ts'

/**
 * Puts a note on the store's board for an order and reads what its panel put there. Throws StoreUnavailable: status 404
 * means that this store has no board.
 */
export async function exchangeNote(
  store: string,
  orderId: bigint,
  note: VerdictNote,
): Promise<VerdictNote[]> {
  const url = `${store.replace(/\/$/, '')}/api/orders/${orderId}/verdicts`
  return (await postNote(url, note, verdictNotesSchema)).notes
}
