import { encodeBytes32String, getBytes, keccak256, toBeArray } from 'ethers'

/** What a draw follows from: an order's terms, and how many of its segments were committed. */
export type DrawTerms = {
  orderId: bigint
  segments: number
  segmentsPerWindow: number
  draws: number
  /** default: all */
  committed?: number
  /** windows that were late or amended */
  late?: ReadonlySet<number>
}

/** A window's segments that may be drawn, and how many of them are. */
export type Deck = { first: number; segments: number; draws: number }

const DRAW = getBytes(encodeBytes32String('trainyard.draw'))
const PANEL = getBytes(encodeBytes32String('trainyard.panel'))

/** Segments that are drawn besides the first and the last committed one, window by window (Draws.sol, _deckOf). */
export function decksOf(terms: DrawTerms): Deck[] {
  const { segments, segmentsPerWindow, draws, committed = segments, late } = terms
  let spare = 126 - draws
  const windows = Math.ceil(segments / segmentsPerWindow)
  return Array.from({ length: Math.ceil(committed / segmentsPerWindow) }, (_, w) => {
    const first = w === 0 ? 1 : w * segmentsPerWindow
    const end = Math.min((w + 1) * segmentsPerWindow, committed - 1)
    const count = Math.max(0, end - first)
    const share = Math.floor((draws * (w + 1)) / windows) - Math.floor((draws * w) / windows)
    const extra = late?.has(w) && spare > 0 ? 1 : 0
    spare -= extra
    return { first, segments: count, draws: Math.min(share + extra, count) }
  })
}

/**
 * An order's drawn segments, as the contracts' `drawOf` lists them (docs/formats.md 1): a second implementation, by
 * shuffling whole arrays. @param seed 0x and 32 bytes of hex
 */
export function drawSegments(terms: DrawTerms, seed: string): number[] {
  const { committed = terms.segments } = terms
  const drawn = decksOf(terms).flatMap(({ first, segments, draws }, window) => {
    const random = (j: number) => wordOf(DRAW, terms.orderId, [window, j], seed)
    return pickCards(segments, draws, random).map((card) => first + card)
  })
  return [...drawn, 0, ...(committed > 1 ? [committed - 1] : [])]
}

/** Positions of the seats that an order's panel is drawn from, in order; parties are left out by whoever asks. */
export function drawSeats(orderId: bigint, seats: number, picks: number, seed: string): number[] {
  return pickCards(seats, picks, (i) => wordOf(PANEL, orderId, [i], seed))
}

/** Partial Fisher-Yates: card j is swapped with card j + random(j) % (n - j). */
function pickCards(n: number, picks: number, random: (j: number) => bigint): number[] {
  const cards = Array.from({ length: n }, (_, card) => card)
  for (let j = 0; j < picks; j++) {
    const position = j + Number(random(j) % BigInt(n - j))
    const card = cards[j]!
    cards[j] = cards[position]!
    cards[position] = card
  }
  return cards.slice(0, picks)
}

/** keccak256(abi.encode(tag, orderId, ...numbers, seed)), built by hand: simulations need millions. */
function wordOf(tag: Uint8Array, orderId: bigint, numbers: readonly number[], seed: string): bigint {
  const bytes = new Uint8Array(32 * (3 + numbers.length))
  bytes.set(tag)
  const order = toBeArray(orderId)
  bytes.set(order, 64 - order.length)
  const view = new DataView(bytes.buffer)
  numbers.forEach((number, i) => {
    view.setUint32(64 + 32 * i + 28, number)
  })
  bytes.set(getBytes(seed), bytes.length - 32)
  return BigInt(keccak256(bytes))
}
