import type { Bundle } from '../bundle/read.ts'
import { evidenceSigner } from '../evidence.ts'
import { type Finding, fail } from '../verdict.ts'

/** The seller signed each window's leaves for this deployment. */
export function checkEvidenceSignature(bundle: Bundle): Finding[] {
  const { chainId, contracts, seller, windows } = bundle.order()
  return windows.flatMap((_, window) => {
    const signer = evidenceSigner(bundle.evidence(window), { chainId, proofs: contracts.proofs })
    if (signer.toLowerCase() === seller.toLowerCase()) return []
    return [fail(`window ${window} is signed by ${signer}, the seller is ${seller}`)]
  })
}
