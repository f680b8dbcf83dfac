import type { ChainContext } from '@trainyard/contracts/context.ts'
import { heartbeat } from '@trainyard/contracts/heartbeat.ts'
import { readReputation } from '@trainyard/contracts/readReputation.ts'

/**
 * Tells the chain that the machine is up, unless it was told less than everySeconds ago (0: never tells it).
 * Returns when the next one is due, Unix milliseconds.
 */
export async function sendHeartbeat(
  chain: ChainContext,
  machineId: bigint,
  everySeconds: number,
  nowMs: number,
): Promise<number> {
  if (everySeconds === 0) return Number.POSITIVE_INFINITY
  const { machine } = await readReputation(chain, machineId)
  const dueAtMs = (machine.lastHeartbeatAt + everySeconds) * 1000
  if (dueAtMs > nowMs) return dueAtMs
  await heartbeat(chain, { machineId })
  return nowMs + everySeconds * 1000
}
