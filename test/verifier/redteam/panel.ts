import { id } from 'ethers'
import { drawSeats } from '../../helpers/drawSegments.ts'

/** Chance that more than half of a panel of `size` drawn from `seats` are among `friends` of them (hypergeometric). */
export function chanceOfMajority(seats: number, friends: number, size: number): number {
  let chance = 0
  for (let k = Math.floor(size / 2) + 1; k <= size; k++) {
    chance += (choose(friends, k) * choose(seats - friends, size - k)) / choose(seats, size)
  }
  return chance
}

/** How many of `draws` panels, drawn as the contracts do, have such a majority. */
export function countMajorities(seats: number, friends: number, size: number, draws: number): number {
  let count = 0
  for (let i = 0; i < draws; i++) {
    const panel = drawSeats(7n, seats, size, id(`panel ${seats} ${friends} ${i}`))
    if (2 * panel.filter((seat) => seat < friends).length > size) count++
  }
  return count
}

function choose(n: number, k: number): number {
  let ways = 1
  for (let i = 0; i < k; i++) ways *= (n - i) / (i + 1)
  return ways
}
