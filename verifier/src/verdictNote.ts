import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { verdictsSigner } from '@trainyard/contracts/signVerdicts.ts'
import { verdictCommitment } from '@trainyard/contracts/verdictCommitment.ts'
import { z } from 'zod'

const MAX_PANEL = 16 // of the larger one
const hex = (bytes: number) => z.string().regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`))

/**
 * What an auditor tells the rest of its panel before anything goes on chain: first its signed commitment alone, then,
 * once every member's commitment is there, what it committed to.
 */
export const verdictNoteSchema = z.strictObject({
  auditor: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  /** what its verdicts are about (IProofs.sharesOf) */
  draw: hex(32),
  commitment: hex(32),
  signature: hex(65),
  opening: z
    .strictObject({
      verdicts: z.string().regex(/^\d{1,78}$/),
      salt: hex(32),
      report: z.string().regex(/^[!-~]{0,128}$/), // as many bytes as the contract takes
    })
    .optional(),
})
export type VerdictNote = z.infer<typeof verdictNoteSchema>

export const verdictNotesSchema = z.strictObject({ notes: z.array(verdictNoteSchema).max(MAX_PANEL) })

/** Whether the note's auditor signed it for this draw and, if it is opened, committed to exactly that. */
export function isGenuineNote(
  deployment: Deployment,
  audit: { readonly orderId: bigint; readonly round: number; readonly draw: string },
  note: VerdictNote,
): boolean {
  const { orderId } = audit
  const { auditor, commitment, signature, opening } = note
  const signer = verdictsSigner(deployment, { ...audit, commitment }, signature)
  if (note.draw !== audit.draw || signer?.toLowerCase() !== auditor.toLowerCase()) return false
  if (!opening) return true
  const { salt, report } = opening
  return (
    verdictCommitment({ orderId, auditor, salt, report, verdicts: BigInt(opening.verdicts) }) === commitment
  )
}
