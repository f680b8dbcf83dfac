import { gasOf, type Setting, stakesOf, tokens } from './gameSetting.ts'
import { JURY_SIZE, juryOdds, withheldOdds } from './juryOdds.ts'
import { type EndedOrder, payoffsOf, quotasOf } from './payoffs.ts'
import { findingOdds, sharesOf } from './shares.ts'

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

/** Segments that are drawn with a jury (Juries.sol, FURTHER_SIZE). */
const FURTHER = 10
/** Where the seller does not vouch (FURTHER_UNVOUCHED). */
export const FURTHER_UNVOUCHED = 2

const fakedOf = (order: EndedOrder, share: number): number =>
  fakedPerWindow(order, share).reduce((a, b) => a + b, 0)

/** Chance that a segment that was found wrong passes for a fault: none of the further ones that are drawn is faked too. */
export function faultChance(order: EndedOrder, share: number): number {
  const others = order.committedSegments - 1
  const faked = Math.max(0, fakedOf(order, share) - 1)
  let missed = 1
  for (let i = 0; i < FURTHER; i += 1) missed *= Math.max(0, others - faked - i) / (others - i)
  return missed
}

/** Chance that a panel of which each replays its share with this chance finds a fake. */
export function foundChance({ order, parameters, diligence }: Setting, share: number): number {
  return 1 - findingOdds(order, parameters.panelSize, fakedPerWindow(order, share), () => diligence).none
}

/** Of withheld work: chances that it is challenged, and that it is not but stays unaudited. Anybody of the first panel has to look first. */
function withheldChances({ order, parameters, diligence }: Setting) {
  const doubted = 1 - (1 - diligence) ** sharesOf(order, parameters.panelSize).members
  const { challenged, unaudited } = withheldOdds(diligence)
  return { caught: doubted * challenged, unaudited: doubted * unaudited }
}

/** Seller's expectation when it fakes that share of segments (0: honest). `withholds`: it has trained nothing and serves
 * nothing, which whoever looks finds. */
export function sellerPayoff(setting: Setting, share: number, withholds = false): number {
  const { pay, stake, faultSlash, bond, unauditedPay, trainingCost } = stakesOf(setting)
  const { right, wrong, none } = juryOdds(setting.honestShare)
  const { order } = setting
  const { caught, unaudited } = withholds
    ? withheldChances(setting)
    : { caught: foundChance(setting, share), unaudited: 0 }
  const faked = withholds ? order.committedSegments : fakedOf(order, share)
  // Of a fault pay ends in the middle, as if it were anywhere.
  const fault = withholds ? 0 : faultChance(order, share)
  const convicted = fault * (pay / 2 - faultSlash) - (1 - fault) * stake
  const cost = trainingCost * (1 - faked / order.committedSegments)
  const judged = right * convicted + wrong * (pay + bond / 4) + none * unauditedPay
  const unseen = (1 - caught - unaudited) * pay + unaudited * unauditedPay
  return caught * judged + unseen - cost - gasOf(setting).seller
}

/** Who knows that a segment is wrong and challenges it; without a challenge it has nothing of it.
 * @param fault chance that it is judged a fault */
export function rightChallengePayoff(setting: Setting, fault = setting.faultShare): number {
  const { prize, faultPrize, bond } = stakesOf(setting)
  const { right, wrong, shareIfRight } = juryOdds(setting.honestShare)
  return (
    right * ((1 - fault) * prize + fault * faultPrize) * shareIfRight -
    wrong * bond -
    gasOf(setting).challenger
  )
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

/**
 * A seller for whom nobody vouches, that fakes such a share, and a friend that challenges its last segment first: both together,
 * jurors honest. Pay ends with the window before, unless the further segments that are drawn show more: then there is none.
 * @param further how many are drawn
 */
export function unvouchedSelfChallengePayoff(setting: Setting, share: number, further: number): number {
  const { order, parameters } = setting
  const segment = order.committedSegments - 1
  const kept = payoffsOf(order, parameters, { kind: 'mismatch', jurors: JURY_SIZE, segment })
  const others = segment - (fakedOf(order, share) - 1)
  let missed = 1
  for (let i = 0; i < further; i += 1) missed *= Math.max(0, others - i) / (segment - i)
  const { trainingCost } = stakesOf(setting)
  const gas = gasOf(setting)
  const cost = trainingCost * (1 - fakedOf(order, share) / order.committedSegments)
  return missed * tokens(kept.sellerWei) + tokens(kept.challengerWei) - cost - gas.seller - gas.challenger
}

/** An honest seller whose friend challenges it for the seller's quarter. */
export function falseSelfChallengePayoff(setting: Setting): number {
  const { bond } = stakesOf(setting)
  return sellerPayoff(setting, 0) - (bond * 3) / 4 - gasOf(setting).challenger
}

export type AuditorStrategy = 'honest' | 'lazyPass' | 'lyingFail' | 'silent'

/** The auditor of a panel with the longest share, the others replaying with the setting's diligence; of several who find a fault one
 * is paid. Frauds fake that share of segments. A challenge is paid as juries of that honesty decide. An order that it doubts
 * goes to the larger panel, which is paid for it. What is paid for showing a lazy one is left out, which makes honest play look
 * worse than it is. */
export function auditorPayoff(setting: Setting, strategy: AuditorStrategy, fakedShare = 0.3): number {
  const { order, parameters, diligence, fraudRate, watchfulness } = setting
  const { shareCost, sharePay, seat } = stakesOf(setting)
  const gas = gasOf(setting).auditor
  if (strategy === 'silent') return -seat
  if (strategy === 'lyingFail') return -gas
  const own = strategy === 'honest' ? 1 : 0
  const faked = fakedPerWindow(order, fakedShare)
  const odds = findingOdds(order, parameters.panelSize, faked, (m) => (m === 0 ? own : diligence))
  const passes = 1 - fraudRate + fraudRate * odds.none
  if (strategy === 'lazyPass') {
    // Of an honest order its seller shows it; of one that passes although it is faked whoever has one of its segments, too, and
    // replays. The fee it keeps.
    const others = neighboursOf(setting)
    const unseen = (1 - diligence) ** others.size
    const byNone = findingOdds(order, parameters.panelSize, faked, (m) =>
      m === 0 || others.has(m) ? 0 : diligence,
    )
    const shown =
      (1 - fraudRate) * (1 - (1 - watchfulness) * unseen) + fraudRate * (odds.none - unseen * byNone.none)
    return passes * sharePay - shown * seat - gas
  }
  const paid = fraudRate * odds.first * rightChallengePayoff(setting, faultChance(order, fakedShare))
  return passes * sharePay + paid - shareCost - gas
}

/** Members who have a segment of the first one's share, too. */
export function neighboursOf({ order, parameters }: Setting): Set<number> {
  const { by } = sharesOf(order, parameters.panelSize)
  return new Set(by.filter((who) => who.includes(0)).flatMap((who) => who.filter((m) => m !== 0)))
}

export type JurorStrategy = 'honest' | 'blind' | 'skipsOthers' | 'wrong' | 'silent' | 'copies' | 'votesTwice'

/** One juror among honest ones, of a challenge that is right with that chance. A vote is paid only if it names the work of
 * its replays: `blind` votes for the challenger without any; `skipsOthers` replays the disputed segment only, and calls it
 * fraud. Votes are sealed: `copies` opens what it saw without having been bound to it, which does not count; `votesTwice`
 * signs a second one. */
export function jurorPayoff(setting: Setting, strategy: JurorStrategy, rightChance: number): number {
  const { prize, faultPrize, bond, replayCost, seat } = stakesOf(setting)
  const { faultShare } = setting
  const members = JURY_SIZE + 1
  const ifRight = ((1 - faultShare) * prize + faultShare * faultPrize) / members
  const ifRefuted = (1 - rightChance) * (bond / 2 / JURY_SIZE)
  const others = rightChance * FURTHER * replayCost
  switch (strategy) {
    case 'honest':
      return rightChance * ifRight + ifRefuted - replayCost - others
    case 'skipsOthers':
      return ifRefuted - replayCost
    case 'wrong':
      return -replayCost - others
    case 'blind':
    case 'copies':
      return 0
    case 'silent':
    case 'votesTwice':
      return -seat
  }
}
