import { ChainError } from '@trainyard/contracts/errors.ts'
import { proveEquivocation, type SignedWindow } from '@trainyard/contracts/proveEquivocation.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import type { WindowFacts } from '@trainyard/contracts/readWindow.ts'
import { findEquivocation } from '../equivocation.ts'
import { InputInvalid } from '../errors.ts'
import {
  type Evidence,
  type EvidenceDomain,
  evidenceSigner,
  MAX_EVIDENCE_BYTES,
  parseEvidence,
  statementOf,
} from '../evidence.ts'
import { type AuditFacts, readAuditFacts } from './auditFacts.ts'
import type { Auditor } from './auditor.ts'
import { isSame } from './isSame.ts'

/** Two statements that convict, ready to be shown. */
export type Proof = { window: number; beacon: string; a: SignedWindow; b: SignedWindow }

/**
 * Of what a seller was seen to sign about one window, two statements under one beacon that differ; or one that differs from
 * what it committed under that beacon. Undefined if there is none.
 */
export function findProof(
  signed: readonly Evidence[],
  committed: WindowFacts & { beacon: string },
  domain: EvidenceDomain,
): Proof | undefined {
  for (const [i, first] of signed.entries()) {
    for (const second of signed.slice(i + 1)) {
      if (!findEquivocation(first, second, domain)) continue
      const { window, beacon } = first
      return { window, beacon, a: shown(first), b: shown(second) }
    }
  }
  for (const evidence of signed) {
    const { window, beacon } = evidence
    const said = statementOf(evidence)
    const { root, segments, lastStateRoot } = committed
    const isSame = said.root === root && said.lastStateRoot === lastStateRoot
    if (beacon !== committed.beacon || said.segments !== segments || isSame) continue
    return { window, beacon, a: shown(evidence), b: { root, segments, lastStateRoot, signature: '0x' } }
  }
  return undefined
}

function shown(evidence: Evidence): SignedWindow {
  return { ...statementOf(evidence), signature: evidence.signature }
}

/**
 * Looks through all evidence that was ever named for an order's windows, also in blocks that a reorganisation dropped, and
 * convicts a seller that signed two things. Returns true once everything that is served was looked at.
 */
export async function equivocate(auditor: Auditor, orderId: bigint, order: OrderFacts): Promise<boolean> {
  const facts = await readAuditFacts(auditor.context, orderId, order)
  let isComplete = true
  for (const [window, committed] of facts.windows.entries()) {
    const cids = new Set([...auditor.journal.sightingsOf(orderId, window), committed.evidence])
    const signed: Evidence[] = []
    for (const cid of cids) {
      try {
        const evidence = parseEvidence(await auditor.content.get(cid, MAX_EVIDENCE_BYTES))
        if (isSellers(auditor, facts, window, evidence)) signed.push(evidence)
      } catch (error) {
        // What is no evidence was signed by nobody; what is not served may be later.
        if (!(error instanceof InputInvalid)) isComplete = false
      }
    }
    const beacon = facts.beacons[window]!.value
    const proof = findProof(signed, { ...committed, beacon }, auditor.context.deployment)
    if (proof) return show(auditor, orderId, proof)
  }
  return isComplete
}

function isSellers(auditor: Auditor, facts: AuditFacts, window: number, evidence: Evidence): boolean {
  if (evidence.window !== window || BigInt(evidence.orderId) !== facts.orderId) return false
  return isSame(evidenceSigner(evidence, auditor.context.deployment), facts.order.seller)
}

async function show({ context, emit, log }: Auditor, orderId: bigint, proof: Proof): Promise<boolean> {
  try {
    const { hash: txHash } = await proveEquivocation(context, { orderId, ...proof })
    emit({ event: 'convicted', orderId: String(orderId), window: proof.window, txHash })
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    // Somebody was faster, or the window's beacon can no longer be read: then the draw has to find it.
    log.warn({ orderId: String(orderId), window: proof.window, err: error }, 'two statements were not taken')
  }
  return true
}
