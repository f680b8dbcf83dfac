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

/** Chance that at least half of a larger panel, twice as large, look, each with this chance: then they challenge what they are not
 * served; else most passed it unseen (challengeUnserved.ts). */
export function chanceThatHalfLook(diligence: number): number {
  const size = 2 * JURY_SIZE
  const counts = Array.from({ length: JURY_SIZE + 1 }, (_, i) => JURY_SIZE + i)
  return counts.reduce((sum, count) => sum + chanceOfHonest(count, diligence, size), 0)
}

/** One larger panel: whether at least half of it look. */
export function drawLookers(diligence: number, random: () => number): boolean {
  const looks = Array.from({ length: 2 * JURY_SIZE }, () => random() < diligence)
  return looks.filter(Boolean).length >= JURY_SIZE
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
