import { id } from 'ethers'
import { chanceOfMissing } from '../../../yard/src/report/chanceOfMissing.ts'
import { type DrawTerms, decksOf, drawSegments } from '../../helpers/drawSegments.ts'
import type { World } from './world.ts'

export function termsOf(world: Pick<World, 'size' | 'orderId'>): DrawTerms {
  const { segments, segmentsPerWindow, draws } = world.size
  return { orderId: BigInt(world.orderId), segments, segmentsPerWindow, draws }
}

/** Chance that a draw meets none of the wrong segments: 0 if the first or the last is wrong, which are always drawn. */
export function computedAcceptance(terms: DrawTerms, wrong: readonly number[]): number {
  if (wrong.includes(0) || wrong.includes(terms.segments - 1)) return 0
  const decks = decksOf(terms)
  const bad = decks.map(({ first, segments }) => {
    return wrong.filter((segment) => segment >= first && segment < first + segments).length
  })
  return chanceOfMissing(decks, bad)
}

/** How many of `draws` draws meet none of the wrong segments. @param name names the draws' seeds */
export function missedDraws(terms: DrawTerms, wrong: readonly number[], draws: number, name: string): number {
  const bad = new Set(wrong)
  let missed = 0
  for (let i = 0; i < draws; i++) {
    if (!drawSegments(terms, id(`${name} ${i}`)).some((segment) => bad.has(segment))) missed++
  }
  return missed
}

/** How far a count lies from what was computed, in standard deviations; 0 where both are certain and agree. */
export function deviation(missed: number, draws: number, chance: number): number {
  const spread = Math.sqrt(draws * chance * (1 - chance))
  if (spread > 0) return (missed - draws * chance) / spread
  return missed === draws * chance ? 0 : Number.POSITIVE_INFINITY
}
