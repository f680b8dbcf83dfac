import { parseEther } from 'ethers'
import {
  auditorPayoff,
  FURTHER_UNVOUCHED,
  falseChallengePayoff,
  jurorPayoff,
  missChance,
  rightChallengePayoff,
  sellerPayoff,
} from './expectedPayoffs.ts'
import { gasOf, type Setting, stakesOf } from './gameSetting.ts'
import { JURY_SIZE } from './juryOdds.ts'
import { drawnCountOf } from './payoffs.ts'

export const fakedShares = [0.01, 0.03, 0.1, 0.3, 0.5, 1]

const ALL = 1

/** What the seller gains beyond honest work with the best of its ways to cheat. */
export function bestCheat(setting: Setting): number {
  const withholding = sellerPayoff(setting, 0, true) - sellerPayoff(setting, 0)
  return Math.max(bestFake(setting), withholding)
}

/** As bestCheat, serving all that it is asked for. */
function bestFake(setting: Setting): number {
  return Math.max(...fakedShares.map((share) => sellerPayoff(setting, share))) - sellerPayoff(setting, 0)
}

/** The least x between both ends from which on `holds` does, by halving; undefined where it never does. */
export function turningPoint(low: number, high: number, holds: (x: number) => boolean): number | undefined {
  if (!holds(high)) return undefined
  if (holds(low)) return low
  let [below, above] = [low, high]
  for (let i = 0; i < 60; i += 1) {
    const middle = (below + above) / 2
    if (holds(middle)) above = middle
    else below = middle
  }
  return above
}

/** Where no seller watches: auditors replay just so often that a seller is as well off faking everything, and sellers
 * do that just so often that an auditor is as well off replaying. */
function mixedPlay(setting: Setting) {
  const diligence = turningPoint(0, 1, (each) => bestCheat({ ...setting, diligence: each }) < 0)
  if (diligence === undefined) return undefined
  const fraudRate = turningPoint(0, 1, (rate) => {
    const such = { ...setting, diligence, fraudRate: rate, watchfulness: 0 }
    return auditorPayoff(such, 'honest', ALL) > auditorPayoff(such, 'lazyPass', ALL)
  })
  return { diligence, fraudRate }
}

/** Each parameter's value from which on honest play is (not) the best, all others as in the setting. */
export function breakingPoints(setting: Setting) {
  return {
    seller: sellerBreaks(setting),
    auditor: auditorBreaks(setting),
    challenger: challengerBreaks(setting),
    juror: jurorBreaks(setting),
    mixedPlay: mixedPlay(setting),
    leastFee: leastFee(setting),
  }
}

/** What a drawn segment has to pay for nobody to lose by honest play, which the fee's floor is above: the auditor with the longest share,
 * where the panel commits one by one; and of an order that nobody vouches for, where the fee alone is shared out, the challenger's gas, and
 * a juror's replays. */
export function leastFee(setting: Setting) {
  const { shareCost, replayCost } = stakesOf(setting)
  const { auditorAlone, challenger } = gasOf(setting)
  const drawn = drawnCountOf(setting.order)
  const ofSix = (tokens: number): number => ((JURY_SIZE + 1) * tokens) / drawn
  return {
    auditorAlone: (setting.parameters.panelSize * (shareCost + auditorAlone)) / drawn,
    unvouchedChallenger: ofSix(challenger),
    unvouchedJuror: ofSix((1 + FURTHER_UNVOUCHED) * replayCost),
  }
}

const leastShare = (setting: Setting, holds: (such: Setting) => boolean): number | undefined =>
  turningPoint(0.3, 1, (honestShare) => holds({ ...setting, honestShare }))

function sellerBreaks(setting: Setting) {
  const { faultSlash, pay } = stakesOf(setting)
  const one = 1 - missChance(setting.order, 1 / setting.order.committedSegments)
  return {
    bestCheatGains: bestCheat(setting),
    leastDiligence: turningPoint(0, 1, (diligence) => bestFake({ ...setting, diligence }) < 0),
    leastDiligenceIfItMayWithhold: turningPoint(
      0,
      1,
      (diligence) => bestCheat({ ...setting, diligence }) < 0,
    ),
    // Dishonest auditors pass what they meet, dishonest jurors vote for the seller.
    leastHonestShare: leastShare(setting, (such) => bestCheat({ ...such, diligence: such.honestShare }) < 0),
    // All others hold: a fault, which ends pay halfway on average.
    benefitOfOneBadSegment: one * (faultSlash + pay / 2),
  }
}

function auditorBreaks(setting: Setting) {
  const { fee, replayCost, shareCost, sharePay } = stakesOf(setting)
  const honestGains = (changes: Partial<Setting>): boolean => {
    const such = { ...setting, ...changes }
    return auditorPayoff(such, 'honest') > auditorPayoff(such, 'lazyPass')
  }
  const panelSize = 2 * setting.parameters.panelSize
  return {
    replayCost,
    replayCostThatFeeCovers: sharePay / (shareCost / replayCost),
    // Without loss for anybody of the larger panel.
    segmentsOfALargerPanel: fee / panelSize / replayCost,
    leastFraudRateIfOthersReplay: turningPoint(0, 1, (fraudRate) => honestGains({ fraudRate })),
    leastWatchfulnessIfNobodyElseReplays: turningPoint(0, 1, (watchfulness) =>
      honestGains({ watchfulness, diligence: 0 }),
    ),
    leastFraudRateIfNobodyElseReplaysOrWatches: turningPoint(0, 1, (fraudRate) =>
      honestGains({ fraudRate, diligence: 0, watchfulness: 0 }),
    ),
  }
}

function challengerBreaks(setting: Setting) {
  const { prize, auditCost } = stakesOf(setting)
  const share = prize / (JURY_SIZE + 1)
  const gas = gasOf(setting).challenger
  const caught = 1 - missChance(setting.order, 0.3)
  return {
    share,
    mostTokensPerMegagas: share / gasOf({ ...setting, tokensPerMegagas: 1 }).challenger,
    leastHonestShareForRight: leastShare(setting, (such) => rightChallengePayoff(such) > 0),
    leastHonestShareAgainstFalse: leastShare(setting, (such) => falseChallengePayoff(such, 'alone') < 0),
    leastHonestShareAgainstFalseWithJurors: leastShare(
      setting,
      (such) => falseChallengePayoff(such, 'withJurors') < 0,
    ),
    leastHonestShareAgainstPayerWithJurors: leastShare(
      setting,
      (such) => falseChallengePayoff(such, 'payerWithJurors') < 0,
    ),
    leastFraudRateForAWatcher: auditCost / (caught * (share - gas)),
    leastPanelCost: turningPoint(0, 5, (cost) => coversAudit(withPanelCost(setting, cost))),
  }
}

/** The share of a conviction pays for the replay that found it and for the challenge. */
function coversAudit(setting: Setting): boolean {
  const { prize, auditCost } = stakesOf(setting)
  return prize / (JURY_SIZE + 1) > auditCost + gasOf(setting).challenger
}

function withPanelCost(setting: Setting, tokens: number): Setting {
  const panelCostWei = parseEther(tokens.toFixed(18))
  return { ...setting, parameters: { ...setting.parameters, panelCostWei } }
}

function jurorBreaks(setting: Setting) {
  const { bond, replayCost } = stakesOf(setting)
  return {
    rewardIfRefuted: bond / 2 / JURY_SIZE,
    leastPanelCost: JURY_SIZE * replayCost,
    faultShareFromWhichSkippingTheOthersWins: turningPoint(0, 1, (faultShare) => {
      const at = { ...setting, faultShare }
      return jurorPayoff(at, 'skipsOthers', 1) > jurorPayoff(at, 'honest', 1)
    }),
    rightChallengesFromWhichHonestJurorsLose: turningPoint(
      0,
      1,
      (right) => jurorPayoff(setting, 'honest', right) < 0,
    ),
  }
}
