import { id } from 'ethers'
import { drawSeats } from '../../helpers/drawSegments.ts'

/**
 * Chance that one wrong segment, drawn at random, is replayed by friends only: of `seats` they have `friends`, and a third of
 * the drawn segments has two auditors.
 */
export function chanceOfFriendsOnly(seats: number, friends: number): number {
  const one = friends / seats
  return (2 / 3) * one + (1 / 3) * one * ((friends - 1) / (seats - 1))
}

/** Who of a panel replays a drawn segment (docs/formats.md 1, Shares). */
export function auditorsOf(position: number, panel: readonly number[]): number[] {
  const first = position + Math.ceil(position / 3)
  const turns = position % 3 === 0 ? [first, first + 1] : [first]
  return turns.map((turn) => panel[turn % panel.length]!)
}

/** Of `draws` panels, drawn as the contracts do, the share in which the first wrong segment of `drawn` has friends only. */
export function countFriendsOnly(
  { seats, friends, size, drawn }: { seats: number; friends: number; size: number; drawn: number },
  draws: number,
): number {
  let count = 0
  for (let i = 0; i < draws; i++) {
    const panel = drawSeats(7n, seats, size, id(`panel ${seats} ${friends} ${i}`))
    if (auditorsOf(i % drawn, panel).every((seat) => seat < friends)) count++
  }
  return count
}
