import { roundAt } from '@trainyard/verifier/beacon/drand/network.ts'
import { readRound } from '@trainyard/verifier/beacon/drand/readRound.ts'
import type { OrderRecord } from '@trainyard/verifier/bundle/orderRecord.ts'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import { toBeHex } from 'ethers'
import { localNetwork, signedRound } from './localDrand.ts'

const PLACED_AT = 1_800_000_000
const MARGIN_ROUNDS = 2
const network = localNetwork({ genesisSeconds: PLACED_AT - 9_000 })
const word = (value: bigint) => toBeHex(value, 32) as Hex

/** What the chain and the local drand say of a window: seeded by this round, committed then. */
export function seedBy(order: OrderRecord, window: number, round: number, committedAt: number): void {
  const found = readRound(network, round, new TextEncoder().encode(signedRound(round).body))
  Object.assign(order.windows[window]!, {
    ...{ beaconBlock: round, beacon: found.value, committedAt },
    roundSignature: found.signature.map(word),
  })
}

/** An order that drand seeds: placed, started a minute later, and a window committed every minute after that. */
export function seedByDrand(order: OrderRecord): void {
  const { chainHash, genesisSeconds, periodSeconds, publicKey } = network
  const startedAt = PLACED_AT + 60
  order.contracts.beacon = `0x${'be'.repeat(20)}`
  order.drand = {
    ...{ chainHash, genesisSeconds, periodSeconds, marginRounds: MARGIN_ROUNDS, startedAt },
    publicKey: publicKey.map(word) as [Hex, Hex, Hex, Hex],
    placedAt: PLACED_AT,
  }
  order.windows.forEach((_, window) => {
    const anchor = PLACED_AT + 60 * window // placing, starting, then window w - 2, a minute after another
    const round = roundAt(network, 1000 * anchor) + 1 + MARGIN_ROUNDS
    seedBy(order, window, round, startedAt + 60 * (window + 1))
  })
}
