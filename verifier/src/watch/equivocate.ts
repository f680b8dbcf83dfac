import { ChainError } from '@trainyard/contracts/errors.ts'
import {
  proveEquivocation,
  type SignedWindow,
  type WindowSubject,
} from '@trainyard/contracts/proveEquivocation.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import type { WindowFacts } from '@trainyard/contracts/readWindow.ts'
import { showRound } from '@trainyard/contracts/showRound.ts'
import { ZeroAddress, ZeroHash } from 'ethers'
import { findEquivocation } from '../equivocation.ts'
import { InputInvalid } from '../errors.ts'
import {
  type Evidence,
  type EvidenceDomain,
  evidenceSigner,
  MAX_EVIDENCE_BYTES,
  parseEvidence,
  statementOf,
  subjectOf,
} from '../evidence.ts'
import { type AuditFacts, readAuditFacts } from './auditFacts.ts'
import type { Auditor } from './auditor.ts'
import { isSame } from './isSame.ts'

/** Two statements that convict, ready to be shown. */
export type Proof = { subject: WindowSubject; a: SignedWindow; b: SignedWindow; previous: SignedWindow }

/** A window as it is committed, under which beacon, and the one before it. */
export type Committed = WindowFacts & { beacon: string; previous: WindowFacts | undefined }

/**
 * Of what a seller was seen to sign about one window, two statements on one subject that differ; or one that differs from
 * what is committed. Undefined if there is none.
 */
export function findProof(
  signed: readonly Evidence[],
  committed: Committed,
  domain: EvidenceDomain,
): Proof | undefined {
  for (const [i, first] of signed.entries()) {
    for (const second of signed.slice(i + 1)) {
      if (!findEquivocation(first, second, domain)) continue
      return { subject: subjectOf(first), a: shown(first), b: shown(second), previous: NOTHING }
    }
  }
  for (const evidence of signed) {
    const subject = subjectOf(evidence)
    const said = statementOf(evidence)
    const { root, segments, lastStateRoot, previous } = committed
    const isSame = said.root === root && said.lastStateRoot === lastStateRoot
    const isAboutIt =
      subject.beacon === committed.beacon &&
      subject.amendment === committed.amendment &&
      (previous === undefined || subject.stateBefore === previous.lastStateRoot)
    if (!isAboutIt || said.segments !== segments || isSame) continue
    return { subject, a: shown(evidence), b: onChain(committed), previous: onChain(previous) }
  }
  return undefined
}

const NOTHING: SignedWindow = { root: ZeroHash, segments: 0, lastStateRoot: ZeroHash, signature: '0x' }

function onChain(window: WindowFacts | undefined): SignedWindow {
  if (!window) return NOTHING
  const { root, segments, lastStateRoot } = window
  return { root, segments, lastStateRoot, signature: '0x' }
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
    if (committed.sealed) return false // as are all after it
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
    const previous = facts.windows[window - 1]
    const proof = findProof(signed, { ...committed, beacon, previous }, auditor.context.deployment)
    if (!proof) continue
    // What is committed stands against it under the window's round: the contract has to know that.
    const { deployment } = auditor.context
    if (proof.b.signature === '0x' && deployment.beacon !== ZeroAddress)
      await showRound(auditor.context, facts.beacons[window]!.position)
    return show(auditor, orderId, proof)
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
    emit({ event: 'convicted', orderId: String(orderId), window: proof.subject.window, txHash })
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    // Somebody was faster, or the window's beacon can no longer be read: then the draw has to find it.
    log.warn(
      { orderId: String(orderId), window: proof.subject.window, err: error },
      'two statements were not taken',
    )
  }
  return true
}
