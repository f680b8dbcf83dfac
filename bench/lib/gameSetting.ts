import { defaultParameters } from '@trainyard/contracts/deploy/defaultParameters.ts'
import type { ParameterFacts } from '@trainyard/contracts/readParameters.ts'
import { parseEther } from 'ethers'
import { amountsOf, bondWeiOf, drawnCountOf, type EndedOrder, payoffsOf, segmentFeeWeiOf } from './payoffs.ts'
import { sharesOf } from './shares.ts'

/** What the game is played with. Amounts are tokens, as numbers: odds are no integers. */
export type Setting = {
  order: EndedOrder
  parameters: ParameterFacts
  /** Of the pay without the protocol's fee, what training costs: proofs.md 5 takes 1 / 1.2. */
  costOfPay: number
  /** A replayed segment costs this times what its training did. */
  replayFactor: number
  tokensPerMegagas: number
  /** Of all seats; a jury is drawn from them. */
  honestShare: number
  /** Chance that any one auditor of the panel replays its share. */
  diligence: number
  /** Chance that an honest seller's daemon shows who did not. */
  watchfulness: number
  /** Share of orders whose seller fakes. */
  fraudRate: number
  /** of the right challenges, those of a fault */
  faultShare: number
}

const SEGMENTS = 320
const STEPS_PER_SEGMENT = 32

/** 320 segments in ten windows, ten random draws (DESIGN 9), 3.6 tokens an hour. */
export function settingOf(hours: number, changes: Partial<Setting> = {}): Setting {
  const seconds = Math.round(hours * 3_600)
  const steps = SEGMENTS * STEPS_PER_SEGMENT
  const order = {
    ...{ pricePerHourWei: parseEther('3.6'), maxSeconds: seconds, elapsedSeconds: seconds },
    ...{ stepMicros: Math.ceil((seconds * 1_000_000) / steps), steps, stepsPerSegment: STEPS_PER_SEGMENT },
    ...{ segmentsPerWindow: 32, committedSegments: SEGMENTS, draws: 10, unauditedShareBps: 5_000 },
  }
  const costs = { costOfPay: 1 / 1.2, replayFactor: 1, tokensPerMegagas: 0.03 }
  const others = { honestShare: 1, diligence: 1, watchfulness: 1, fraudRate: 0.01, faultShare: 0.1 }
  return { order, parameters: defaultParameters, ...costs, ...others, ...changes }
}

export const tokens = (wei: bigint): number => Number(wei) / 1e18

/** The amounts that every strategy is weighed with. */
export function stakesOf(setting: Setting) {
  const { order, parameters: p } = setting
  const { members, replays } = sharesOf(order, p.panelSize)
  const passed = payoffsOf(order, p, { kind: 'passed', agreeing: members })
  const segments = order.committedSegments
  const payWei = passed.sellerWei + passed.burnedWei
  const trainingCost = tokens(payWei) * setting.costOfPay
  const replayCost = (trainingCost / segments) * setting.replayFactor
  const feeWei = segmentFeeWeiOf(order, p) * BigInt(drawnCountOf(order))
  const stake = tokens(amountsOf(order, p).stakeWei)
  const fee = tokens(feeWei)
  return {
    ...{ pay: tokens(passed.sellerWei), grossPay: tokens(payWei), trainingCost, replayCost, fee, stake },
    /** All drawn segments, as a watcher replays them. */
    auditCost: replayCost * drawnCountOf(order),
    /** The longest share of a first panel, and what a member is paid for any. */
    shareCost: replayCost * Math.max(...replays),
    sharePay: fee / members,
    bond: tokens(bondWeiOf(order, p)),
    seat: tokens(p.seatStakeWei),
    unauditedPay: tokens(payoffsOf(order, p, { kind: 'undecided', silentJurors: 0 }).sellerWei),
    /** What challenger and jurors get together for a conviction. */
    prize: fee + (stake - fee) / 2,
    /** And for a first fault. */
    faultSlash: fee + (stake - fee) / 5,
    faultPrize: fee + (stake - fee) / 10,
  }
}

/** Whole transactions as `npm run bench -- gas` and `-- dispute` measured them on 2026-11-20, disputes on 2026-11-30 (bench/RESULTS.md); a
 * challenge over the steps of a segment of 128. */
const GAS = {
  ...{ startOrder: 62_557, commitWindow: 70_558, orderCompleted: 50_950, submitVerdicts: 180_852 },
  settleOrder: 173_902, // by the seller, who is paid by it
  ...{ commitVerdicts: 94_235, revealVerdicts: 111_913 }, // one member's, by the contract tests' snapshot
  ...{ challengeSteps: 354_445, drawJury: 251_335, resolve: 565_765 },
}

/** What each role sends, tokens. */
export function gasOf({ order, parameters, tokensPerMegagas }: Setting) {
  const windows = Math.ceil(order.committedSegments / order.segmentsPerWindow)
  const price = (gas: number): number => (gas / 1e6) * tokensPerMegagas
  return {
    seller: price(GAS.startOrder + windows * GAS.commitWindow + GAS.orderCompleted + GAS.settleOrder),
    auditor: price(GAS.submitVerdicts / parameters.panelSize),
    /** Where a panel commits and reveals one by one. */
    auditorAlone: price(GAS.commitVerdicts + GAS.revealVerdicts),
    challenger: price(GAS.challengeSteps + GAS.drawJury + GAS.resolve),
  }
}
