import type { ChainContext } from '@trainyard/contracts/context.ts'
import { checkRelays } from '@trainyard/verifier/beacon/checkRelays.ts'
import { MAX_BEHIND_ROUNDS } from '@trainyard/verifier/beacon/drand/checkRelay.ts'
import { type Check, check } from './check.ts'

/** Whether the relays give drand's rounds, where they draw on this chain: one of them is enough. */
export async function checkDrand(chain: ChainContext, relays: readonly string[]): Promise<Check[]> {
  const found = await checkRelays(chain, relays)
  const isEnough = found.some(({ isWell }) => isWell)
  return found.map(({ relay, isWell, actual, remediation }) =>
    check(drandAbout(relay), {
      status: isWell ? 'pass' : isEnough ? 'warn' : 'fail',
      actual,
      required: MAX_BEHIND_ROUNDS,
      unit: typeof actual === 'number' ? 'rounds behind' : null,
      remediation: remediation && `${remediation} Relays are named by "drandRelays" in the configuration.`,
    }),
  )
}

export function drandAbout(relay?: string) {
  return {
    id: 'drand-relay',
    title: `Relay of drand${relay === undefined ? '' : ` ${relay}`}`,
    purpose: 'No window can be trained, and no audit drawn, before its round is had.',
  }
}
