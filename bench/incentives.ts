import { breakingPoints, fakedShares } from './lib/breakingPoints.ts'
import {
  type AuditorStrategy,
  auditorPayoff,
  FURTHER_UNVOUCHED,
  falseChallengePayoff,
  falseSelfChallengePayoff,
  foundChance,
  type JurorStrategy,
  jurorPayoff,
  missChance,
  rightChallengePayoff,
  selfChallengePayoff,
  sellerPayoff,
  unvouchedSelfChallengePayoff,
} from './lib/expectedPayoffs.ts'
import { type Figure, round } from './lib/figure.ts'
import { gasOf, type Setting, settingOf, stakesOf, tokens } from './lib/gameSetting.ts'
import { chanceOfLyingPanels, JURY_SIZE, juryOdds } from './lib/juryOdds.ts'
import { drawnCountOf, paidCount, payoffsOf, segmentFeeWeiOf } from './lib/payoffs.ts'
import { type Play, playOrder, type Result } from './lib/playOrder.ts'
import { seededRandom } from './lib/seededRandom.ts'
import { sharesOf } from './lib/shares.ts'

const HOURS = [0.1, 1, 100]
const HONEST_SHARES = [0.95, 0.9, 0.8, 2 / 3]
const ORDERS = 20_000
const SEED = 5
const RIGHT_CHALLENGES = 0.5
const FAKED_BY_FRAUDS = 0.3

type Strategies = Record<string, number>
const auditorStrategies: AuditorStrategy[] = ['honest', 'lazyPass', 'lyingFail', 'silent']
const jurorStrategies: JurorStrategy[] = [
  ...(['honest', 'blind', 'skipsOthers', 'wrong', 'silent', 'copies', 'votesTwice'] as const),
]

/** For how many of four roles honest play is the best answer to honest play at the default parameters, what each strategy
 * brings, by expectation and by playing it, and where each answer turns. */
export async function measure(): Promise<Figure> {
  const setting = settingOf(1)
  const roles = payoffsByRole(setting)
  const honest = Object.entries(roles).filter(([, strategies]) => isBest(strategies))
  const simulated = simulate(setting)
  const worst = Math.max(...simulated.map(({ standardErrors }) => standardErrors))
  if (worst > 5) throw new Error(`played and expected differ by ${worst} standard errors`)
  const roleCount = Object.keys(roles).length
  return {
    figure: 'incentives',
    value: honest.length,
    unit: `of ${roleCount} roles in which honest play is the best answer to honest play`,
    reference: 'all roles',
    ratio: honest.length / roleCount,
    goal: 'honest play is best in every role',
    met: honest.length === roleCount,
    detail: {
      honestIsBest: honest.map(([role]) => role),
      tokensByOutcome: rounded(payoffsByOutcome(setting)),
      tokensByStrategy: rounded(roles),
      simulated,
      oneHourOrder: rounded(stakesOf(setting)),
      unvouchedSelfChallenge: rounded(unvouched(setting)),
      chanceOfDetection: rounded(detection(setting)),
      chanceOfDetectionByHonestSeats: Object.fromEntries(
        HONEST_SHARES.map((share) => [share.toFixed(3), rounded(detectionBy(setting, share))]),
      ),
      gainsOfADoubt: Object.fromEntries(
        HOURS.map((hours) => [`${hours}h`, rounded(gainsOfADoubt(settingOf(hours)))]),
      ),
      feeOfPrice: Object.fromEntries(HOURS.map((hours) => [`${hours}h`, rounded(feesOf(settingOf(hours)))])),
      juries: rounded(Object.fromEntries(HONEST_SHARES.map((share) => [share.toFixed(3), oddsOf(share)]))),
      breaksAt: Object.fromEntries(
        HOURS.map((hours) => [`${hours}h`, rounded(breakingPoints(settingOf(hours)))]),
      ),
    },
  }
}

const oddsOf = (honestShare: number) => ({
  ...juryOdds(honestShare),
  lyingPanels: chanceOfLyingPanels(honestShare),
  doubtedByOne: 1 - honestShare ** JURY_SIZE,
})

/** Of whole juries and panels, one of each shown; work and gas not in it. */
function payoffsByOutcome({ order, parameters }: Setting) {
  const size = {
    jurors: JURY_SIZE,
    agreeing: parameters.panelSize,
    silentJurors: 0,
    silentAuditors: 0,
    segment: order.committedSegments / 2,
  }
  const kinds = [
    'passed',
    'convicted',
    'fault',
    'mismatch',
    'mismatches',
    'chain broken',
    'refuted',
    'undecided',
    'unaudited',
  ] as const
  return Object.fromEntries(
    kinds.map((kind) => {
      const paid = payoffsOf(order, parameters, { kind, ...size })
      const { payerWei, sellerWei, challengerWei, auditorsWei, jurorsWei, burnedWei } = paid
      const [auditor, juror] = [tokens(auditorsWei[1] ?? 0n), tokens(jurorsWei[1] ?? 0n)]
      const parties = {
        payer: tokens(payerWei),
        seller: tokens(sellerWei),
        challenger: tokens(challengerWei),
      }
      return [kind, { ...parties, auditor, juror, burned: tokens(burnedWei) }]
    }),
  )
}

/** What each strategy brings where all others are honest. A challenger knows whether the segment is wrong. */
function payoffsByRole(setting: Setting): Record<string, Strategies> {
  const shares = fakedShares.map((share) => [`fakes ${share}`, sellerPayoff(setting, share)] as const)
  const base = sellerPayoff(setting, 0)
  return {
    seller: {
      honest: base,
      ...Object.fromEntries(shares),
      withholds: sellerPayoff(setting, 0, true),
      'fakes all, friend challenges first': selfChallengePayoff(setting),
      'honest, friend challenges falsely': falseSelfChallengePayoff(setting),
    },
    auditor: Object.fromEntries(auditorStrategies.map((name) => [name, auditorPayoff(setting, name)])),
    // Of a wrong segment it challenges, of a right one it does not: both choices, each against the other.
    challenger: {
      honest: rightChallengePayoff(setting),
      none: 0,
      'challenges falsely': falseChallengePayoff(setting, 'alone'),
    },
    juror: Object.fromEntries(
      jurorStrategies.map((name) => [name, jurorPayoff(setting, name, RIGHT_CHALLENGES)]),
    ),
  }
}

function isBest(strategies: Strategies): boolean {
  return Object.entries(strategies).every(([name, value]) => name === 'honest' || value < strategies.honest!)
}

function detection(setting: Setting): Strategies {
  const shares = [1 / setting.order.committedSegments, ...fakedShares]
  return Object.fromEntries(shares.map((share) => [share.toFixed(3), 1 - missChance(setting.order, share)]))
}

/** The same where so many seats are honest and the others pass what they meet: each segment by its one or two auditors, and, as it
 * was, by the whole panel, any honest member of which would challenge. */
function detectionBy(setting: Setting, honestShare: number) {
  const shares = [1 / setting.order.committedSegments, ...fakedShares]
  return Object.fromEntries(
    shares.map((share) => {
      const byShares = foundChance({ ...setting, diligence: honestShare }, share)
      const byAll = (1 - missChance(setting.order, share)) * (1 - (1 - honestShare) ** JURY_SIZE)
      return [share.toFixed(3), { byShares, byAll }]
    }),
  )
}

/** What is left to each, work and gas taken off, where one member of a first panel doubts so many segments of an honest order and the
 * larger panel passes them: to the others of the first one, who have three segments, and to the larger one's. */
function gainsOfADoubt(setting: Setting) {
  const { order, parameters: p } = setting
  const { fee, replayCost } = stakesOf(setting)
  const { members, replays } = sharesOf(order, p.panelSize)
  const gas = gasOf(setting)
  return Object.fromEntries(
    [1, 2, Math.max(...replays)].map((unpassed) => {
      const [larger, first] = [2 * p.panelSize, members - 1]
      const count = paidCount(order, { larger, first, unpassed })
      const part = fee / count
      const work = Math.min(...replays) * replayCost + gas.auditorAlone
      return [
        unpassed,
        {
          first: (count > larger ? part : 0) - work,
          larger: part - unpassed * replayCost - gas.auditor,
          all: fee - first * work - larger * (unpassed * replayCost + gas.auditor),
        },
      ]
    }),
  )
}

/** A seller for whom nobody vouches and a friend that challenges its last segment, by the share that it faked: as it was when the
 * jury looked at that one alone, and with two further ones. */
function unvouched(setting: Setting) {
  return Object.fromEntries(
    fakedShares.map((share) => {
      const [alone, further] = [0, FURTHER_UNVOUCHED].map((count) =>
        unvouchedSelfChallengePayoff(setting, share, count),
      )
      return [share, { alone, further }]
    }),
  )
}

/** What the payer pays for the audit, of the price: one and a half replays of each drawn segment, and what five would cost. */
function feesOf(setting: Setting) {
  const { order, parameters: p } = setting
  const { fee, grossPay } = stakesOf(setting)
  const five = { ...p, auditFeePerSegmentWei: 0n }
  const replayWei = (2n * segmentFeeWeiOf(order, five)) / 3n
  const whole = Math.max(tokens(p.auditFeePerSegmentWei), p.panelSize * tokens(replayWei))
  return { fee, now: fee / grossPay, byAll: (whole * drawnCountOf(order)) / grossPay }
}

/** Plays one strategy in many orders. */
function mean(name: string, expected: number, play: (random: () => number) => number) {
  const random = seededRandom(SEED)
  const values = Array.from({ length: ORDERS }, () => play(random))
  const average = values.reduce((a, b) => a + b, 0) / ORDERS
  const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (ORDERS - 1)
  const error = Math.max(Math.sqrt(variance / ORDERS), 1e-9)
  const standardErrors = round(Math.abs(average - expected) / error, 2)
  return { name, played: round(average), expected: round(expected), standardErrors }
}

/** Of fewer two thirds of a larger panel so seldom look that it would not happen in so many orders. */
const moreLook = (setting: Setting): Setting => ({ ...setting, diligence: (setting.diligence + 1) / 2 })

/** Plays the strategies and compares with what is expected of them. */
function simulate(setting: Setting) {
  const honest: Play = { seller: 0, firstAuditor: 'honest', challenger: 'none' }
  const loose: Setting = { ...setting, diligence: 0.05, honestShare: 0.8, fraudRate: 0.15 }
  return Object.entries({ default: setting, loose }).flatMap(([name, each]) => [
    ...[0, 0.01, 0.1, 1].map((seller) =>
      mean(
        `${name}: seller fakes ${seller}`,
        sellerPayoff(each, seller),
        (random) => playAll(each, { ...honest, seller }, random).seller,
      ),
    ),
    mean(
      `${name}: seller withholds`,
      sellerPayoff(moreLook(each), 0, true),
      (random) => playAll(moreLook(each), { ...honest, seller: 'withholds' }, random).seller,
    ),
    ...auditorStrategies.map((firstAuditor) =>
      mean(`${name}: auditor ${firstAuditor}`, auditorPayoff(each, firstAuditor), (random) => {
        const seller = random() < each.fraudRate ? FAKED_BY_FRAUDS : 0
        return playOrder(each, { ...honest, seller, firstAuditor }, random).auditor
      }),
    ),
    mean(
      `${name}: challenges falsely`,
      falseChallengePayoff(each, 'alone'),
      (random) => playOrder(each, { ...honest, challenger: 'griefing' }, random).challenger,
    ),
  ])
}

/** The whole panel by the setting's diligence, its first member too. */
function playAll(setting: Setting, play: Play, random: () => number): Result {
  const firstAuditor = random() < setting.diligence ? 'honest' : 'lazyPass'
  return playOrder(setting, { ...play, firstAuditor }, random)
}

function rounded(value: unknown): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'number' ? round(each) : (each ?? 'never'))),
  ) as Record<string, unknown>
}
