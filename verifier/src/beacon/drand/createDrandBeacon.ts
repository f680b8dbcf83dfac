import type { DrandNetwork } from '@trainyard/contracts/drandNetwork.ts'
import { ContentTooLarge, ContentUnavailable } from '../../content/errors.ts'
import { fetchBytes } from '../../content/fetchBytes.ts'
import { InputInvalid } from '../../errors.ts'
import type { Beacon } from '../beacon.ts'
import { BeaconNotYet, BeaconUnavailable } from '../errors.ts'
import { roundAt } from './network.ts'
import { type DrandRound, MAX_ROUND_BYTES, readRound } from './readRound.ts'
import { relayUrl } from './relayUrl.ts'

const TIMEOUT_MS = 5_000
const MAX_CACHED = 1_024
/** A relay that is asked for a round too early says so (RFC 8470). */
const TOO_EARLY = 425

export type DrandBeacon = Beacon & {
  /** The round with its signature, as the contract DrandBeacon takes it. */
  roundOf(round: number, signal?: AbortSignal): Promise<DrandRound>
}

/**
 * A drand network behind its relays, asked in turn until one gives the round's signature, which is verified here: a relay can
 * be silent, and nothing else. Rounds that were verified are remembered.
 * @param relays base URLs, the first is asked first
 */
export function createDrandBeacon(
  network: DrandNetwork,
  relays: readonly string[],
  nowMs = Date.now,
): DrandBeacon {
  const known = new Map<number, DrandRound>()
  const fetchRound = async (round: number, signal: AbortSignal | undefined): Promise<DrandRound> => {
    const reasons: string[] = []
    let early = 0
    for (const relay of relays) {
      signal?.throwIfAborted()
      const url = relayUrl(relay, network, `public/${round}`)
      try {
        const limits = { maxBytes: MAX_ROUND_BYTES, timeoutMs: TIMEOUT_MS, ...(signal ? { signal } : {}) }
        return readRound(network, round, await fetchBytes({ url, ...limits }))
      } catch (error) {
        signal?.throwIfAborted()
        if (!isRelays(error)) throw error
        if (error instanceof ContentUnavailable && error.status === TOO_EARLY) early++
        reasons.push(error.message)
      }
    }
    // A clock that runs ahead makes every relay say so.
    if (early > 0 && early === relays.length) throw new BeaconNotYet(network.name, round)
    throw new BeaconUnavailable(network.name, round, reasons)
  }
  const roundOf = async (round: number, signal?: AbortSignal) => {
    const former = known.get(round)
    if (former) return former
    if (round < 1 || round > roundAt(network, nowMs())) throw new BeaconNotYet(network.name, round)
    const found = await fetchRound(round, signal)
    if (known.size >= MAX_CACHED) known.delete(known.keys().next().value!)
    known.set(round, found)
    return found
  }
  return {
    name: network.name,
    positionAt: async (unixMs) => roundAt(network, unixMs),
    valueOf: async (round, signal) => (await roundOf(round, signal)).value,
    roundOf,
  }
}

function isRelays(error: unknown): error is Error {
  return [ContentUnavailable, ContentTooLarge, InputInvalid].some((kind) => error instanceof kind)
}
