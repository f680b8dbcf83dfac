import type { Deployment } from '@trainyard/contracts/deployment.ts'

/** What `npm start -s -- --once --json` prints: one object. Amounts are decimal strings of the token's smallest unit. */
export type YardResult = {
  chainId: number
  contracts: Omit<Deployment, 'chainId' | 'genesisHash' | 'deployedBlock'>
  order: {
    id: string
    status: string
    closeReason: string
    steps: number
    segments: number
    windows: number
    escrowWei: string
    auditFeeWei: string
    /** of the escrow, to the seller, protocol fee included */
    paidWei: string
    /** of paidWei, burned */
    protocolFeeWei: string
    /** of the audit fee, to the auditors */
    auditorsPaidWei: string
    refundedWei: string
    slashedWei: string
  }
  audit: {
    drawn: number
    passed: number
    failed: number
    /** drawn segments that did not replay, and by how much: ||replayed - claimed|| / ||replayed - before|| */
    failures: { segment: number; d: number | null }[]
  }
  result: { cid: string; accuracy: number | null }
  /** folder that `trainyard-verify verify` takes; null when nothing was delivered */
  bundle: string | null
  verdict: string | null
  cheat: string | null
  driver: 'docker' | 'process'
  seconds: Record<string, number>
}
