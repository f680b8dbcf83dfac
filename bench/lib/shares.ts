import { drawnCountOf, type EndedOrder, quotasOf } from './payoffs.ts'

/** Members of a panel of `members` who replay the segment at a position of the draw (VerdictLib.sol, shares). */
function membersOf(position: number, members: number): number[] {
  const first = position + Math.ceil(position / 3)
  return position % 3 === 0 && members > 1 ? [first % members, (first + 1) % members] : [first % members]
}

/** How many replays each member of the first panel has, and who of them has which random position. */
export function sharesOf(order: EndedOrder, panelSize: number) {
  const drawn = drawnCountOf(order)
  const members = Math.min(panelSize, drawn)
  const by = Array.from({ length: drawn }, (_, position) => membersOf(position, members))
  const replays = Array.from({ length: members }, (_, m) => by.filter((who) => who.includes(m)).length)
  return { members, by, replays }
}

/** Chance that none of these members meets a faked segment: of each window's draws those that they have, without replacement. */
function unmet(order: EndedOrder, faked: readonly number[], has: (position: number) => boolean): number {
  let position = 0
  return quotasOf(order).reduce((chance, { segments, quota }, w) => {
    let had = 0
    for (let i = 0; i < quota; i += 1) if (has(position + i)) had += 1
    position += quota
    let missed = 1
    for (let i = 0; i < had; i += 1) missed *= Math.max(0, segments - faked[w]! - i) / (segments - i)
    return chance * missed
  }, 1)
}

/**
 * Chances of what the panel finds, each member of which replays with its own chance: that nobody does, and that member 0 does and
 * is the one of the finders who is paid, by lot.
 */
export function findingOdds(
  order: EndedOrder,
  panelSize: number,
  faked: readonly number[],
  replays: (member: number) => number,
): { none: number; first: number } {
  const { members, by } = sharesOf(order, panelSize)
  const sets = 2 ** members
  const isIn = (set: number, member: number): boolean => ((set >> member) & 1) === 1
  const size = (set: number): number => set.toString(2).replaceAll('0', '').length
  // Of each set of members: that none of it meets a faked segment.
  const clear = Array.from({ length: sets }, (_, set) =>
    unmet(order, faked, (position) => by[position]!.some((member) => isIn(set, member))),
  )
  let [none, first] = [0, 0]
  for (let diligent = 0; diligent < sets; diligent += 1) {
    let chance = 1
    for (let m = 0; m < members; m += 1) chance *= isIn(diligent, m) ? replays(m) : 1 - replays(m)
    if (chance === 0) continue
    none += chance * clear[diligent]!
    if (isIn(diligent, 0)) first += chance * paidFirst(diligent, clear, size)
  }
  return { none, first }
}

/** Exactly these find it, of those who replay: by inclusion and exclusion over who meets nothing. */
function paidFirst(diligent: number, clear: readonly number[], size: (set: number) => number): number {
  let chance = 0
  for (let finders = 1; finders <= diligent; finders += 2) {
    if ((finders & diligent) !== finders) continue
    const others = diligent & ~finders
    let exactly = 0
    for (let sub = finders; ; sub = (sub - 1) & finders) {
      exactly += (size(sub) % 2 === 0 ? 1 : -1) * clear[others | sub]!
      if (sub === 0) break
    }
    chance += exactly / size(finders)
  }
  return chance
}
