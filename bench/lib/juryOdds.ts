export const JURY_SIZE = 5
const ROUNDS = 2

/** Chance that `count` of those drawn are honest, where that share of all seats is (many seats). */
function chanceOfHonest(count: number, honestShare: number, size = JURY_SIZE): number {
  let ways = 1
  for (let i = 0; i < count; i += 1) ways = (ways * (size - i)) / (i + 1)
  return ways * honestShare ** count * (1 - honestShare) ** (size - count)
}

/** How a dispute ends: by the truth, against it, or not at all after two juries. Liars vote together and need two thirds
 * as the honest do (Juries.sol, _decided). `jurorsIfRight`: how many share the reward then, on average of its inverse. */
export function juryOdds(honestShare: number): {
  right: number
  wrong: number
  none: number
  shareIfRight: number
  shareIfWrong: number
} {
  let [right, wrong, shareIfRight, shareIfWrong] = [0, 0, 0, 0]
  for (let honest = 0; honest <= JURY_SIZE; honest += 1) {
    const chance = chanceOfHonest(honest, honestShare)
    if (decides(honest)) [right, shareIfRight] = [right + chance, shareIfRight + chance / (honest + 1)]
    const liars = JURY_SIZE - honest
    if (decides(liars)) [wrong, shareIfWrong] = [wrong + chance, shareIfWrong + chance / (liars + 1)]
  }
  const undecided = 1 - right - wrong
  const rounds = (1 - undecided ** ROUNDS) / (1 - undecided)
  return {
    right: right * rounds,
    wrong: wrong * rounds,
    none: undecided ** ROUNDS,
    shareIfRight: right === 0 ? 0 : shareIfRight / right,
    shareIfWrong: wrong === 0 ? 0 : shareIfWrong / wrong,
  }
}

/** Of a drawn panel one is dishonest, which is enough to doubt a segment, and half or more of the one twice as large after it: they
 * can leave an order unaudited for nothing. */
export function chanceOfLyingPanels(honestShare: number): number {
  const size = 2 * JURY_SIZE
  const half = Array.from({ length: JURY_SIZE + 1 }, (_, honest) => chanceOfHonest(honest, honestShare, size))
  return (1 - honestShare ** JURY_SIZE) * half.reduce((sum, each) => sum + each, 0)
}

const LARGER_SIZE = 2 * JURY_SIZE

/** What comes of withheld work where so many of a larger panel look, and say that it is not served, and the others pass it unseen: two
 * thirds have it challenged (unserved.ts); else it passes by more than half of them, or not at all. */
function withheldEnd(lookers: number): 'challenged' | 'unaudited' | 'passed' {
  if (3 * lookers >= 2 * LARGER_SIZE) return 'challenged'
  return 2 * (LARGER_SIZE - lookers) > LARGER_SIZE ? 'passed' : 'unaudited'
}

/** Chances of these ends where each of the larger panel looks with that chance. */
export function withheldOdds(diligence: number) {
  const odds = { challenged: 0, unaudited: 0, passed: 0 }
  for (let lookers = 0; lookers <= LARGER_SIZE; lookers += 1)
    odds[withheldEnd(lookers)] += chanceOfHonest(lookers, diligence, LARGER_SIZE)
  return odds
}

/** One larger panel that is asked for withheld work. */
export function drawWithheld(diligence: number, random: () => number): 'challenged' | 'unaudited' | 'passed' {
  const looks = Array.from({ length: LARGER_SIZE }, () => random() < diligence)
  return withheldEnd(looks.filter(Boolean).length)
}

/** One dispute: how many of the deciding jury were honest, and which way it went. */
export function drawJuries(honestShare: number, random: () => number) {
  for (let round = 0; round < ROUNDS; round += 1) {
    let honest = 0
    for (let i = 0; i < JURY_SIZE; i += 1) if (random() < honestShare) honest += 1
    if (decides(honest)) return { ends: 'right' as const, jurors: honest }
    if (decides(JURY_SIZE - honest)) return { ends: 'wrong' as const, jurors: JURY_SIZE - honest }
  }
  return { ends: 'none' as const, jurors: 0 }
}

const decides = (count: number): boolean => 3 * count >= 2 * JURY_SIZE
