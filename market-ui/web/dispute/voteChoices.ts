import type { Dispute, Finding } from '../../server/api/schemas.ts'

export type VoteChoice = { readonly value: Finding | 'other'; readonly text: string }

/** What a juror may say it found. A state of its own is typed in. */
export const voteChoices = ({ sellerRoot, challengerRoot, segment }: Dispute): readonly VoteChoice[] => [
  sellerRoot === 'valid'
    ? { value: 'valid', text: `Segment ${segment} holds: the replay gave what the seller committed` }
    : { value: sellerRoot, text: "The seller's state is right" },
  ...(challengerRoot === null ? [] : [{ value: challengerRoot, text: "The challenger's state is right" }]),
  { value: 'fault', text: 'What the seller claims or serves contradicts itself, the job or the chain' },
  { value: 'unavailable', text: 'What the replay needs is not served' },
  { value: 'other', text: 'The replay came to another state' },
]

/** The choice and what was typed as one finding; undefined while that is none. */
export const findingOfChoice = (choice: string, root: string): string | undefined => {
  if (choice !== 'other') return choice === '' ? undefined : choice
  return /^0x[0-9a-f]{64}$/.test(root) ? root : undefined
}
