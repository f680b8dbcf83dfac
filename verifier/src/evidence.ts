import { type Signer, type TypedDataDomain, verifyTypedData } from 'ethers'
import { z } from 'zod'
import { InputInvalid } from './errors.ts'
import { uintText, whole } from './fields.ts'
import type { Hex } from './hash/hex.ts'
import { canonicalBytes, parseCanonicalJson } from './json.ts'
import { type SegmentLeaf, segmentLeafSchema, windowRoot } from './segment.ts'

export const MAX_EVIDENCE_BYTES = 1024 * 1024

const beacon = z.custom<Hex>(
  (value) => typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value),
  'must be 32 bytes of hex',
)

const signature = z.custom<Hex>(
  (value) => typeof value === 'string' && /^0x[0-9a-f]{130}$/.test(value),
  'must be 65 bytes of hex',
)

/** A window's leaves with the seller's signature: the block that `commitWindow` names as evidence. */
export const evidenceSchema = z.strictObject({
  version: z.literal(3),
  orderId: uintText,
  window: whole(0, 2 ** 32 - 1),
  /** 0: as first committed */
  amendment: whole(0, 255),
  /** value of the beacon that seeded the window */
  beacon,
  leaves: z.array(segmentLeafSchema).min(1).max(1024),
  signature,
})

export type Evidence = z.infer<typeof evidenceSchema>

/** Where a signature counts: one deployment's Windows contract. */
export type EvidenceDomain = { chainId: number | bigint; windows: string }

const TYPES = {
  WindowEvidence: [
    { name: 'orderId', type: 'uint256' },
    { name: 'window', type: 'uint32' },
    { name: 'amendment', type: 'uint32' },
    { name: 'beacon', type: 'bytes32' },
    { name: 'stateBefore', type: 'bytes32' },
    { name: 'segments', type: 'uint32' },
    { name: 'root', type: 'bytes32' },
    { name: 'lastStateRoot', type: 'bytes32' },
  ],
}

/** Signs a window's leaves as its seller; journal the result before it leaves the machine. */
export async function signEvidence(
  signer: Pick<Signer, 'signTypedData'>,
  domain: EvidenceDomain,
  said: { orderId: string; window: number; amendment?: number; beacon: string; leaves: SegmentLeaf[] },
): Promise<Evidence> {
  const { orderId, window, amendment = 0, beacon, leaves } = said
  const statement = { orderId, window, amendment, beacon: beacon as Hex, leaves }
  const signed = await signer.signTypedData(domainOf(domain), TYPES, messageOf(statement))
  return { version: 3, ...statement, signature: signed as Hex }
}

/** Address that signed the evidence. Throws InputInvalid if the signature is malformed. */
export function evidenceSigner(evidence: Evidence, domain: EvidenceDomain): string {
  try {
    return verifyTypedData(domainOf(domain), TYPES, messageOf(evidence), evidence.signature)
  } catch {
    throw new InputInvalid('evidence', 'the signature is malformed')
  }
}

/** The evidence's canonical bytes, as stored. */
export function evidenceBytes(evidence: Evidence): Uint8Array {
  return canonicalBytes(evidence)
}

/** Parses stored evidence. Throws InputInvalid. */
export function parseEvidence(bytes: Uint8Array): Evidence {
  return parseCanonicalJson(bytes, evidenceSchema, 'evidence', MAX_EVIDENCE_BYTES)
}

function domainOf(domain: EvidenceDomain): TypedDataDomain {
  return { name: 'Trainyard', version: '1', chainId: domain.chainId, verifyingContract: domain.windows }
}

function messageOf(said: Omit<Evidence, 'version' | 'signature'>) {
  return { orderId: said.orderId, ...subjectOf(said), ...statementOf(said) }
}

/** What a statement is about: a seller says one thing of it. */
export function subjectOf(said: Omit<Evidence, 'version' | 'signature'>) {
  const { window, amendment, beacon, leaves } = said
  return { window, amendment, beacon, stateBefore: leaves[0]!.stateRootBefore }
}

/** What a seller says of a window, as it is committed and signed. */
export function statementOf({ leaves }: { leaves: readonly SegmentLeaf[] }) {
  return {
    segments: leaves.length,
    root: windowRoot(leaves),
    lastStateRoot: leaves.at(-1)!.stateRootAfter,
  }
}
