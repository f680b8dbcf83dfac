import { fakedPerWindow, faultChance, neighboursOf } from './expectedPayoffs.ts'
import { gasOf, type Setting, stakesOf, tokens } from './gameSetting.ts'
import { drawJuries, drawWithheld } from './juryOdds.ts'
import { type EndedOrder, type Outcome, payoffsOf, quotasOf } from './payoffs.ts'
import { sharesOf } from './shares.ts'

/** What is played in one order. `seller`: the share of segments it fakes, or that it withholds everything. */
export type Play = {
  seller: number | 'withholds'
  firstAuditor: 'honest' | 'lazyPass' | 'lyingFail' | 'silent'
  challenger: 'none' | 'griefing'
}

/** What one order leaves each with, tokens, work and gas included. `auditor` is the first of the panel. */
export type Result = { seller: number; auditor: number; challenger: number; ends: Outcome['kind'] }

/** One order: segments drawn as Draws.sol draws them and shared out as VerdictLib.sol does, each auditor as its strategy or by the
 * setting's diligence, a jury where somebody challenges. Whoever replays and finds a fault challenges; the first of them, by
 * lot, is paid. What the first auditor doubts or leaves out the larger panel passes. */
export function playOrder(setting: Setting, play: Play, random: () => number): Result {
  const { order, parameters } = setting
  const { members, by } = sharesOf(order, parameters.panelSize)
  const diligent = Array.from({ length: members }, (_, i) =>
    i === 0 ? play.firstAuditor === 'honest' : random() < setting.diligence,
  )
  const faked = play.seller === 'withholds' ? [] : drawnFakes(order, play.seller, random)
  const met = by.flatMap((who, at) => (play.seller === 'withholds' || faked[at] ? who : []))
  const finders = [...new Set(met)].filter((member) => diligent[member])
  const found = finders[Math.floor(random() * finders.length)]
  const withheld =
    play.seller === 'withholds' && found !== undefined && drawWithheld(setting.diligence, random)
  // Who says that something is not served does not challenge it: somebody of the larger panel does.
  const ofLargerPanel = withheld === 'challenged' ? Number.POSITIVE_INFINITY : undefined
  const finder = play.seller === 'withholds' ? ofLargerPanel : found
  const isDisputed = finder !== undefined || play.challenger === 'griefing'
  const juries = isDisputed ? drawJuries(setting.honestShare, random) : undefined
  const passing = ['lyingFail', 'silent'].includes(play.firstAuditor) ? 2 * members : members
  const outcome: Outcome =
    withheld === 'unaudited'
      ? { kind: 'unaudited', silentAuditors: 0 }
      : settled(order, play, random, outcomeOf(finder !== undefined, juries, passing))
  const isByOthers = [...neighboursOf(setting)].some((member) => diligent[member])
  const isShown =
    play.firstAuditor === 'lazyPass' &&
    finder === undefined &&
    (isByOthers || (play.seller === 0 && random() < setting.watchfulness))
  return resultOf(setting, play, { outcome, finder, diligent: diligent[0]!, isShown })
}

function outcomeOf(
  isRight: boolean,
  juries: ReturnType<typeof drawJuries> | undefined,
  agreeing: number,
): Outcome {
  if (!juries) return { kind: 'passed', agreeing }
  if (juries.ends === 'none') return { kind: 'undecided', silentJurors: 0 }
  const isConvicted = isRight === (juries.ends === 'right')
  if (isConvicted) return { kind: 'convicted', jurors: juries.jurors }
  return { kind: 'refuted', jurors: juries.jurors, agreeing }
}

/** A conviction is of a fault where none of the further segments is faked too: in the middle, as if it were anywhere. */
function settled(order: EndedOrder, { seller }: Play, random: () => number, outcome: Outcome): Outcome {
  if (outcome.kind !== 'convicted' || seller === 'withholds' || seller === 0) return outcome
  if (random() >= faultChance(order, seller)) return outcome
  return { kind: 'fault', jurors: outcome.jurors, segment: order.committedSegments / 2 }
}

/** Which positions of the draw are faked: the random ones, in window order. */
function drawnFakes(order: EndedOrder, share: number, random: () => number): boolean[] {
  const faked = fakedPerWindow(order, share)
  return quotasOf(order).flatMap(({ segments, quota }, w) => {
    let left = faked[w]!
    return Array.from({ length: quota }, (_, i) => {
      const isFaked = random() * (segments - i) < left
      if (isFaked) left -= 1
      return isFaked
    })
  })
}

function resultOf(
  setting: Setting,
  play: Play,
  played: { outcome: Outcome; finder: number | undefined; diligent: boolean; isShown: boolean },
): Result {
  const { outcome, finder, diligent, isShown } = played
  const { order, parameters } = setting
  const { trainingCost, shareCost, seat } = stakesOf(setting)
  const gas = gasOf(setting)
  const payoffs = payoffsOf(order, parameters, outcome)
  const segments = order.committedSegments
  const faked =
    play.seller === 'withholds' ? segments : fakedPerWindow(order, play.seller).reduce((a, b) => a + b, 0)
  const challengerWon = tokens(payoffs.challengerWei) - gas.challenger
  const isLazy = play.firstAuditor === 'lazyPass'
  const passes = isLazy || (play.firstAuditor === 'honest' && finder === undefined)
  const feeShare = passes ? tokens(payoffs.auditorsWei[0] ?? 0n) : 0
  const lost = play.firstAuditor === 'silent' ? seat : gas.auditor + (isShown ? seat : 0)
  return {
    seller: tokens(payoffs.sellerWei) - trainingCost * (1 - faked / segments) - gas.seller,
    auditor: feeShare + (finder === 0 ? challengerWon : 0) - (diligent ? shareCost : 0) - lost,
    challenger: play.challenger === 'griefing' ? challengerWon : 0,
    ends: outcome.kind,
  }
}
