import type { ParameterFacts } from '@trainyard/contracts/readParameters.ts'

/** An order whose windows are committed; what its money depends on. */
export type EndedOrder = {
  pricePerHourWei: bigint
  maxSeconds: number
  elapsedSeconds: number
  stepMicros: number
  steps: number
  stepsPerSegment: number
  segmentsPerWindow: number
  committedSegments: number
  draws: number
  unauditedShareBps: number
}

/** `jurors`: those who found what was decided. `agreeing`: auditors who are paid for a pass: those who passed all of their share, of both
 * panels where two sat (paidCount). */
export type Outcome =
  | { kind: 'passed'; agreeing: number }
  | { kind: 'convicted'; jurors: number }
  | { kind: 'fault'; jurors: number; segment: number } // wrong, and all that were drawn further hold
  | { kind: 'mismatch'; jurors: number; segment: number } // in an environment that the seller does not vouch for
  | { kind: 'mismatches'; jurors: number } // of further segments, too
  | { kind: 'chain broken' } // shown by leaves alone: nobody is paid for it
  | { kind: 'refuted'; jurors: number; agreeing: number } // and the audit passes after it
  | { kind: 'undecided'; silentJurors: number }
  | { kind: 'unaudited'; silentAuditors: number }

/** Change of what each role has, in wei of the token, since before the order: holds that came back count as kept. */
export type Payoffs = {
  payerWei: bigint
  sellerWei: bigint
  challengerWei: bigint
  auditorsWei: bigint[]
  jurorsWei: bigint[]
  burnedWei: bigint
}

const BPS = 10_000n
const BOND_BPS = 5_000n
const GWEI = 1_000_000_000n
const CHALLENGERS_BPS = 5_000n
const FAULT_BPS = 2_000n
const REFUTED_TO_SELLER_BPS = 2_500n
const REFUTED_TO_JURORS_BPS = 5_000n

const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b
const shareDown = (wei: bigint, bps: bigint): bigint => (wei * bps) / BPS
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)
const equally = (count: number, wei: bigint): bigint[] => Array.from({ length: count }, () => wei)

/** Twice what a panel costs: the least stake, and the least bond. */
const floorWeiOf = (p: ParameterFacts): bigint => 2n * p.panelCostWei

/** Half of the stake, at least the floor, in whole gwei (SlashLib.sol, bondWei; DisputesStore.sol, _bondGweiOf). */
export function bondWeiOf(order: EndedOrder, p: ParameterFacts): bigint {
  const wei = max(shareDown(amountsOf(order, p).stakeWei, BOND_BPS), floorWeiOf(p))
  return wei - (wei % GWEI)
}

/** What one drawn segment pays: at least what one and a half replays of it are worth at the order's price (PayLib.sol,
 * segmentFeeWei). */
export function segmentFeeWeiOf(order: EndedOrder, p: ParameterFacts): bigint {
  const micros = BigInt(order.stepsPerSegment) * BigInt(order.stepMicros)
  return max(p.auditFeePerSegmentWei, ceilDiv(3n * order.pricePerHourWei * micros, 2n * 3_600_000_000n))
}

/** Escrow, audit fee and stake that placing takes (Placing.sol, _amounts). */
export function amountsOf(order: EndedOrder, p: ParameterFacts) {
  const segments = ceilDiv(BigInt(order.steps), BigInt(order.stepsPerSegment))
  const escrowWei = ceilDiv(order.pricePerHourWei * BigInt(order.maxSeconds), 3_600n)
  const auditFeeWei = segmentFeeWeiOf(order, p) * min(BigInt(order.draws + 2), segments)
  return { escrowWei, auditFeeWei, stakeWei: max(escrowWei + auditFeeWei, floorWeiOf(p)) }
}

/** How many random segments each window gets, in window order (Draws.sol, _deckOf; DrawLib.sol, quota). */
export function quotasOf(order: EndedOrder): { first: number; segments: number; quota: number }[] {
  const { committedSegments: committed, segmentsPerWindow: perWindow, draws } = order
  const all = Math.ceil(Math.ceil(order.steps / order.stepsPerSegment) / perWindow)
  return Array.from({ length: Math.ceil(committed / perWindow) }, (_, w) => {
    const first = w === 0 ? 1 : w * perWindow
    const segments = Math.max(0, Math.min((w + 1) * perWindow, committed - 1) - first)
    const share = Math.floor((draws * (w + 1)) / all) - Math.floor((draws * w) / all)
    return { first, segments, quota: Math.min(share, segments) }
  })
}

/** The random ones, the first and the last (Draws.sol, _drawnCount). */
export function drawnCountOf(order: EndedOrder): number {
  const random = quotasOf(order).reduce((sum, { quota }) => sum + quota, 0)
  return random + (order.committedSegments > 1 ? 2 : 1)
}

/**
 * How many share the fee alike where a larger panel of which `larger` agree passes the `unpassed` segments: they, and where the fee
 * then still pays each of them the price of its replays also the `first` who passed all of theirs (Audits.sol, _paidOf).
 */
export function paidCount(
  order: EndedOrder,
  { larger, first, unpassed }: { larger: number; first: number; unpassed: number },
): number {
  const all = larger + first
  return 3 * drawnCountOf(order) < 2 * all * unpassed ? larger : all
}

/** Pay by time, capped by proof (Settling.sol, _earnedWei). */
function earnedWeiOf(order: EndedOrder, provedSegments = order.committedSegments): bigint {
  const proved = min(BigInt(provedSegments * order.stepsPerSegment), BigInt(order.steps))
  const elapsedMicros = BigInt(Math.min(order.elapsedSeconds, order.maxSeconds)) * 1_000_000n
  return (order.pricePerHourWei * min(elapsedMicros, proved * BigInt(order.stepMicros))) / 3_600_000_000n
}

/** Who gains and loses what, as Settling.sol, Disputes.sol and SlashLib.sol move it. The sum of all changes and of what
 * is burned is zero. Costs of work and gas are not in it. */
export function payoffsOf(order: EndedOrder, p: ParameterFacts, outcome: Outcome): Payoffs {
  switch (outcome.kind) {
    case 'passed':
      return passed(order, p, outcome.agreeing)
    case 'convicted':
      return convicted(order, p, outcome.jurors)
    case 'fault':
      return fault(order, p, outcome)
    case 'mismatch':
      return mismatch(order, p, outcome)
    case 'mismatches':
      return mismatch(order, p, { ...outcome, segment: 0 })
    case 'chain broken':
      return chainBroken(order, p)
    case 'refuted':
      return refuted(passed(order, p, outcome.agreeing), bondWeiOf(order, p), outcome.jurors)
    case 'undecided':
      return unaudited(order, p, { jurors: outcome.silentJurors, auditors: 0 })
    case 'unaudited':
      return unaudited(order, p, { jurors: 0, auditors: outcome.silentAuditors })
  }
}

function passed(order: EndedOrder, p: ParameterFacts, agreeing: number): Payoffs {
  const paidWei = earnedWeiOf(order)
  const protocolFeeWei = shareDown(paidWei, BigInt(p.protocolFeeBps))
  const feeWei = agreeing === 0 ? 0n : segmentFeeWeiOf(order, p) * BigInt(drawnCountOf(order))
  return {
    payerWei: -paidWei - feeWei,
    sellerWei: paidWei - protocolFeeWei,
    challengerWei: 0n,
    auditorsWei: sharesOf(feeWei, agreeing),
    jurorsWei: [],
    burnedWei: protocolFeeWei,
  }
}

/** Settling.sol, _move: equal shares; what does not divide goes to the first. */
function sharesOf(feeWei: bigint, count: number): bigint[] {
  if (count === 0) return []
  const shares = equally(count, feeWei / BigInt(count))
  shares[0]! += feeWei % BigInt(count)
  return shares
}

/** The audit fee, paid from the stake in the end, goes to challenger and jurors, not to the panel. */
function convicted(order: EndedOrder, p: ParameterFacts, jurors: number): Payoffs {
  const count = jurors + 1
  const { stakeWei } = amountsOf(order, p)
  const feeWei = segmentFeeWeiOf(order, p) * BigInt(drawnCountOf(order))
  const shareWei = shareDown(stakeWei - feeWei, CHALLENGERS_BPS) / BigInt(count)
  const [challengerWei, ...jurorsWei] = sharesOf(feeWei, count).map((wei) => wei + shareWei)
  return {
    payerWei: 0n,
    sellerWei: -stakeWei,
    challengerWei: challengerWei!,
    auditorsWei: [],
    jurorsWei,
    burnedWei: stakeWei - feeWei - shareWei * BigInt(count),
  }
}

/** Pay ends with the window before the wrong one; the audit fee goes to challenger and jurors. */
function mismatch(
  order: EndedOrder,
  p: ParameterFacts,
  { jurors, segment }: { jurors: number; segment: number },
): Payoffs {
  const paidWei = earnedWeiOf(order, segment - (segment % order.segmentsPerWindow))
  const protocolFeeWei = shareDown(paidWei, BigInt(p.protocolFeeBps))
  const feeWei = segmentFeeWeiOf(order, p) * BigInt(drawnCountOf(order))
  const [challengerWei, ...jurorsWei] = sharesOf(feeWei, jurors + 1)
  return {
    payerWei: -paidWei - feeWei,
    sellerWei: paidWei - protocolFeeWei,
    challengerWei: challengerWei!,
    auditorsWei: [],
    jurorsWei,
    burnedWei: protocolFeeWei,
  }
}

/** As a mismatch, and the stake pays the fee and a fifth of what it leaves of it (SlashLib.sol, faultWei), for a first fault. */
function fault(order: EndedOrder, p: ParameterFacts, outcome: { jurors: number; segment: number }): Payoffs {
  const unslashed = mismatch(order, p, outcome)
  const { stakeWei } = amountsOf(order, p)
  const feeWei = segmentFeeWeiOf(order, p) * BigInt(drawnCountOf(order))
  const fifthWei = shareDown(stakeWei - feeWei, FAULT_BPS)
  const shareWei = shareDown(fifthWei, CHALLENGERS_BPS) / BigInt(outcome.jurors + 1)
  return {
    ...unslashed,
    payerWei: unslashed.payerWei + feeWei,
    sellerWei: unslashed.sellerWei - feeWei - fifthWei,
    challengerWei: unslashed.challengerWei + shareWei,
    jurorsWei: unslashed.jurorsWei.map((wei) => wei + shareWei),
    burnedWei: unslashed.burnedWei + fifthWei - shareWei * BigInt(outcome.jurors + 1),
  }
}

function chainBroken(order: EndedOrder, p: ParameterFacts): Payoffs {
  const { stakeWei } = amountsOf(order, p)
  return {
    payerWei: 0n,
    sellerWei: -stakeWei,
    challengerWei: 0n,
    auditorsWei: [],
    jurorsWei: [],
    burnedWei: stakeWei,
  }
}

function refuted(after: Payoffs, bondWei: bigint, jurors: number): Payoffs {
  const toSellerWei = shareDown(bondWei, REFUTED_TO_SELLER_BPS)
  const shareWei = shareDown(bondWei, REFUTED_TO_JURORS_BPS) / BigInt(jurors)
  return {
    ...after,
    sellerWei: after.sellerWei + toSellerWei,
    challengerWei: -bondWei,
    jurorsWei: equally(jurors, shareWei),
    burnedWei: after.burnedWei + bondWei - toSellerWei - shareWei * BigInt(jurors),
  }
}

/** Nobody is paid but the seller its agreed share; each silent seat is burned whole. */
function unaudited(
  order: EndedOrder,
  p: ParameterFacts,
  silent: { jurors: number; auditors: number },
): Payoffs {
  const paidWei = shareDown(earnedWeiOf(order), BigInt(order.unauditedShareBps))
  return {
    payerWei: -paidWei,
    sellerWei: paidWei,
    challengerWei: 0n,
    auditorsWei: equally(silent.auditors, -p.seatStakeWei),
    jurorsWei: equally(silent.jurors, -p.seatStakeWei),
    burnedWei: p.seatStakeWei * BigInt(silent.jurors + silent.auditors),
  }
}
