import { setTimeout as delay } from 'node:timers/promises'
import { heartbeat } from '@trainyard/contracts/heartbeat.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readReputation } from '@trainyard/contracts/readReputation.ts'
import type { OrderContext } from '../engine/context.ts'

/** Less than half of the five minutes that the contract waits for one (Settling.sol): one may be lost, or come late. */
const EVERY_MS = 120_000

/**
 * Tells the chain that the machine is up for as long as it is rented without proof, the first time two minutes after the
 * start: five minutes after the last one nothing more is paid.
 */
export async function sendHeartbeats(order: OrderContext, signal: AbortSignal): Promise<void> {
  const { chain, machineId, head, orderId } = order
  const { startedAt } = await readOrder(chain, BigInt(orderId))
  for (;;) {
    const { machine } = await readReputation(chain, machineId)
    const waitMs = Math.max(startedAt, machine.lastHeartbeatAt) * 1_000 + EVERY_MS - head.nowMs()
    if (waitMs > 0) await delay(waitMs, undefined, { signal })
    else await heartbeat(chain, { machineId })
  }
}
