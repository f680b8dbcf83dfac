import { setTimeout as delay } from 'node:timers/promises'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { toChainError } from '@trainyard/contracts/decodeError.ts'
import { pollingIntervalMs } from '@trainyard/contracts/pollingIntervalMs.ts'
import { ClientError } from '../errors.ts'

const PENDING_TIMEOUT_MS = 60_000

/**
 * Checks that the account can pay for gas, and waits until transactions that an earlier process sent are
 * included: what they did must be seen before anything is sent again.
 */
export async function ensureGas(chain: ChainContext, account: string): Promise<void> {
  const { provider } = chain.runner
  if (!provider) throw new TypeError('a context without a node')
  const deadline = Date.now() + PENDING_TIMEOUT_MS
  try {
    if ((await provider.getBalance(account)) === 0n) {
      throw new ClientError(`${account} has no coin to pay for gas.`, "Send it some of the chain's own coin.")
    }
    while (Date.now() < deadline) {
      const sent = await provider.getTransactionCount(account, 'pending')
      if ((await provider.getTransactionCount(account, 'latest')) >= sent) return
      await delay(pollingIntervalMs(chain.deployment))
    }
  } catch (error) {
    throw error instanceof ClientError ? error : toChainError(error, 'Reading the account')
  }
}
