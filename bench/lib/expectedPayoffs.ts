import { gasOf, type Setting, stakesOf } from './gameSetting.ts'
import { JURY_SIZE, juryOdds } from './juryOdds.ts'
import { type EndedOrder, quotasOf } from './payoffs.ts'

/** Segments faked in each window where a share of all but the first and last, which are always drawn, is: at least one
 * in all, spread evenly, which is drawn least often. */
export function fakedPerWindow(order: EndedOrder, share: number): number[] {
  const windows = quotasOf(order)
  const all = windows.reduce((sum, { segments }) => sum + segments, 0)
  const faked = share === 0 ? 0 : Math.max(1, Math.round(all * share))
  let [before, given] = [0, 0]
  return windows.map(({ segments }) => {
    before += segments
    const here = Math.floor((faked * before) / all) - given
    given += here
    return here
  })
}

/** Chance that no faked segment is drawn: of each window, without replacement. */
export function missChance(order: EndedOrder, share: number): number {
  const faked = fakedPerWindow(order, share)
  return quotasOf(order).reduce((chance, { segments, quota }, w) => {
    let missed = 1
    for (let i = 0; i < quota; i += 1) missed *= Math.max(0, segments - faked[w]! - i) / (segments - i)
    return chance * missed
  }, 1)
}

/** At least one of the panel replays. */
const seen = ({ diligence, parameters }: Setting): number => 1 - (1 - diligence) ** parameters.panelSize

/** Seller's expectation when it fakes that share of segments (0: honest). `withholds`: it has trained nothing and serves
 * nothing, which whoever looks finds. */
export function sellerPayoff(setting: Setting, share: number, withholds = false): number {
  const { pay, stake, bond, unauditedPay, trainingCost } = stakesOf(setting)
  const { right, wrong, none } = juryOdds(setting.honestShare)
  const { order } = setting
  const caught = seen(setting) * (withholds ? 1 : 1 - missChance(order, share))
  const faked = withholds ? order.committedSegments : fakedPerWindow(order, share).reduce((a, b) => a + b, 0)
  const cost = trainingCost * (1 - faked / order.committedSegments)
  const judged = -right * stake + wrong * (pay + bond / 4) + none * unauditedPay
  return caught * judged + (1 - caught) * pay - cost - gasOf(setting).seller
}

/** Who knows that a segment is wrong and challenges it; without a challenge it has nothing of it. */
export function rightChallengePayoff(setting: Setting): number {
  const { prize, bond } = stakesOf(setting)
  const { right, wrong, shareIfRight } = juryOdds(setting.honestShare)
  return right * prize * shareIfRight - wrong * bond - gasOf(setting).challenger
}

/** Who challenges an honest segment: alone, or with every dishonest juror; the payer also keeps what it would pay. */
export function falseChallengePayoff(
  setting: Setting,
  by: 'alone' | 'withJurors' | 'payerWithJurors',
): number {
  const { prize, bond, grossPay, unauditedPay, fee } = stakesOf(setting)
  const { right, wrong, none, shareIfWrong } = juryOdds(setting.honestShare)
  const won = by === 'alone' ? prize * shareIfWrong : prize
  const kept =
    by === 'payerWithJurors' ? wrong * (grossPay + fee) + none * (grossPay - unauditedPay + fee) : 0
  return wrong * won - right * bond + kept - gasOf(setting).challenger
}

/** A seller that has faked everything and whose friend challenges it first: both together, jurors honest. */
export function selfChallengePayoff(setting: Setting): number {
  const { prize, stake, trainingCost } = stakesOf(setting)
  const gas = gasOf(setting)
  const work = (2 / setting.order.committedSegments) * trainingCost
  return prize / (JURY_SIZE + 1) - stake - work - gas.seller - gas.challenger
}

/** An honest seller whose friend challenges it for the seller's quarter. */
export function falseSelfChallengePayoff(setting: Setting): number {
  const { bond } = stakesOf(setting)
  return sellerPayoff(setting, 0) - (bond * 3) / 4 - gasOf(setting).challenger
}

export type AuditorStrategy = 'honest' | 'lazyPass' | 'lyingFail' | 'silent'

/** One auditor, the others replaying with the setting's diligence; of several who find a fault one is paid. Frauds fake
 * that share of segments. A challenge is paid as juries of that honesty decide. What is paid for showing a lazy one is left
 * out, which makes honest play look worse than it is. */
export function auditorPayoff(setting: Setting, strategy: AuditorStrategy, fakedShare = 0.3): number {
  const { fee, auditCost, seat } = stakesOf(setting)
  const gas = gasOf(setting).auditor
  const { panelSize } = setting.parameters
  if (strategy === 'silent') return -seat
  if (strategy === 'lyingFail') return -gas
  const drawn = setting.fraudRate * (1 - missChance(setting.order, fakedShare))
  const others = panelSize - 1
  if (strategy === 'lazyPass') {
    const unseen = (1 - setting.diligence) ** others
    // Shown to be no replay where the order passes and any other has replayed; the fee it keeps.
    return (1 - drawn * (1 - unseen)) * (fee / panelSize) - (1 - drawn) * (1 - unseen) * seat - gas
  }
  const first = chanceToBeFirst(others, setting.diligence)
  return (1 - drawn) * (fee / panelSize) + drawn * first * rightChallengePayoff(setting) - auditCost - gas
}

/** E[1 / (1 + others who found it too)] (mean of 1/(1+X) of a binomial). */
function chanceToBeFirst(others: number, diligence: number): number {
  if (diligence === 0) return 1
  return (1 - (1 - diligence) ** (others + 1)) / ((others + 1) * diligence)
}

export type JurorStrategy = 'honest' | 'blind' | 'wrong' | 'silent' | 'copies'

/** One juror among honest ones, of a challenge that is right with that chance. `blind` votes for the challenger without a
 * replay, `copies` waits for votes that are on chain already. */
export function jurorPayoff(setting: Setting, strategy: JurorStrategy, rightChance: number): number {
  const { prize, bond, replayCost, seat } = stakesOf(setting)
  const ifRight = prize / (JURY_SIZE + 1)
  const ifRefuted = bond / 2 / JURY_SIZE
  const reward = rightChance * ifRight + (1 - rightChance) * ifRefuted
  if (strategy === 'silent') return -seat
  if (strategy === 'wrong') return -replayCost
  if (strategy === 'blind') return rightChance * ifRight
  return strategy === 'copies' ? reward : reward - replayCost
}
