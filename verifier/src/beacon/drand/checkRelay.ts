import type { DrandNetwork } from '@trainyard/contracts/drandNetwork.ts'
import { fetchBytes } from '../../content/fetchBytes.ts'
import { VerifierError } from '../../errors.ts'
import { roundAt } from './network.ts'
import { MAX_INFO_BYTES, readInfo } from './readInfo.ts'
import { MAX_ROUND_BYTES, readNewestRound } from './readRound.ts'
import { relayUrl } from './relayUrl.ts'

const TIMEOUT_MS = 5_000
/** A relay's newest round may be so many periods old, and this machine's clock so many behind. */
export const MAX_BEHIND_ROUNDS = 2

/** How a relay does. */
export type RelayFinding = {
  readonly relay: string
  readonly isWell: boolean
  /** How many rounds its newest one is behind this machine's clock; or in words why it is of no use. */
  readonly actual: number | string
  /** null: nothing */
  readonly remediation: string | null
}

/**
 * Asks a relay which network it serves, and for its newest round, whose signature is verified. Takes ten seconds at most, and
 * never throws.
 */
export async function checkRelay(
  network: DrandNetwork,
  relay: string,
  nowMs = Date.now,
): Promise<RelayFinding> {
  const bad = (actual: string, remediation: string) => ({ relay, isWell: false, actual, remediation })
  const ask = (path: string, maxBytes: number) =>
    fetchBytes({ url: relayUrl(relay, network, path), maxBytes, timeoutMs: TIMEOUT_MS })
  try {
    const differs = readInfo(network, await ask('info', MAX_INFO_BYTES))
    if (differs.length > 0)
      return bad(`${relay}: ${differs.join('; ')}`, `Name a relay of ${network.name} (${network.chainHash}).`)
    const newest = roundAt(network, nowMs()) // before it is asked: what takes time is not held against it
    const { round } = readNewestRound(network, await ask('public/latest', MAX_ROUND_BYTES))
    const behind = newest - round
    if (behind > MAX_BEHIND_ROUNDS) {
      const remediation = 'Name a relay that keeps up, or wait until this one does.'
      return { relay, isWell: false, actual: behind, remediation }
    }
    if (round > roundAt(network, nowMs()) + MAX_BEHIND_ROUNDS)
      return bad(
        `${relay} has round ${round}, which by this clock is still to come`,
        'Set the clock; let NTP keep it.',
      )
    return { relay, isWell: true, actual: Math.max(0, behind), remediation: null }
  } catch (error) {
    if (!(error instanceof VerifierError)) throw error
    return bad(error.message, `Name another relay of ${network.name}, or see that this machine reaches it.`)
  }
}
