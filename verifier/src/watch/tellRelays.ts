import type { ChainContext } from '@trainyard/contracts/context.ts'
import type { Logger } from 'pino'
import { checkRelays } from '../beacon/checkRelays.ts'
import { MAX_BEHIND_ROUNDS } from '../beacon/drand/checkRelay.ts'

/**
 * Says in the log how the relays do where drand draws; loudly where none is of use, since then nothing can be audited. It decides
 * nothing: they may be back before the first order. Never throws.
 */
export async function tellRelays(
  context: ChainContext,
  relays: readonly string[] | undefined,
  log: Logger,
): Promise<void> {
  try {
    const found = await checkRelays(context, relays)
    for (const { isWell, ...finding } of found) {
      const record = { ...finding, requiredRounds: MAX_BEHIND_ROUNDS }
      if (isWell) log.info(record, 'a relay of drand keeps up')
      else log.warn(record, 'a relay of drand is of no use')
    }
    if (found.length > 0 && !found.some(({ isWell }) => isWell))
      log.error(
        'no relay of drand is of use: nothing can be audited until one is; name others in "drandRelays"',
      )
  } catch (error) {
    log.error({ err: error }, 'the relays of drand could not be looked at')
  }
}
