import type { Bundle } from '../bundle/read.ts'
import { evidenceSigner } from '../evidence.ts'
import { type Finding, fail } from '../verdict.ts'

/** The seller signed each window's leaves for this deployment, for the beacon that seeded the window, and for its last amendment. */
export function checkEvidenceSignature(bundle: Bundle): Finding[] {
  const { chainId, contracts, seller, windows } = bundle.order()
  return windows.flatMap(({ beacon, amendment }, window) => {
    if (bundle.evidence(window).amendment !== amendment)
      return [fail(`window ${window} is signed for another amendment`)]
    if (bundle.evidence(window).beacon !== beacon)
      return [fail(`window ${window} is signed for another beacon`)]
    const signer = evidenceSigner(bundle.evidence(window), { chainId, windows: contracts.windows })
    if (signer.toLowerCase() === seller.toLowerCase()) return []
    return [fail(`window ${window} is signed by ${signer}, the seller is ${seller}`)]
  })
}
