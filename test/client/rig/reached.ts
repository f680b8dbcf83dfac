import type { ClientProcess } from './startClient.ts'
import { until } from './until.ts'

const PHASES = [
  'seen',
  'fetching',
  'selfTest',
  'starting',
  'training',
  'finishing',
  'ended',
  'settled',
] as const

/** Resolves once the order is in this phase or past it: a daemon just started does not tell a phase again. */
export async function reached(
  client: ClientProcess,
  orderId: bigint,
  phase: (typeof PHASES)[number],
): Promise<void> {
  const isThere = (now: unknown) => PHASES.indexOf(now as 'seen') >= PHASES.indexOf(phase)
  await until(async () => {
    if (client.log.some((line) => line.orderId === String(orderId) && isThere(line.phase))) return true
    const response = await fetch(`${client.url}/orders/${orderId}`)
    const shown = (await response.json()) as { phase?: string }
    return isThere(shown.phase) ? true : undefined
  })
}
