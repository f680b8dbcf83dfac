import type { ProvedCheckpoint } from '../buyer/fetchProvedCheckpoint.ts'

/** What an order makes public that was not, in a sentence to be said before; undefined if nothing. */
export function publicationBy(
  resume: Pick<ProvedCheckpoint, 'job' | 'from'> | undefined,
): string | undefined {
  if (resume?.job.access !== 'private') return undefined
  return `Order ${resume.from.orderId} is private: this puts its last checkpoint into the store, where anybody can fetch it.`
}
