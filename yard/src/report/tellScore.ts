import { setTimeout as delay } from 'node:timers/promises'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readScore } from '@trainyard/contracts/readScore.ts'
import type { Say } from './say.ts'

const LOOK_MS = 3_000
const NUT_PER_UT = 1e9

/** Says once what auditors found the order's machine to do, and what its order was credited; ends with the signal. */
export async function tellScore(
  chain: ChainContext,
  { orderId, market }: { orderId: bigint; market: string },
  say: Say,
  signal: AbortSignal,
): Promise<void> {
  const { machineId } = await read(chain, 'market', 'orderOf', [orderId])
  while (!signal.aborted) {
    if (await read(chain, 'hashrate', 'isCredited', [orderId]).catch(() => false)) {
      const { device, tecpNut } = await readScore(chain, machineId)
      const ut = (Number(tecpNut) / NUT_PER_UT).toPrecision(3)
      say.line(
        `score       machine ${machineId} multiplies at ${device.lastMflops} MFLOPS, audited (${device.mflops} count until a second round); ` +
          `training credit ${ut} ut: ${market}/machines/${machineId}`,
      )
      return
    }
    await delay(LOOK_MS, undefined, { signal }).catch(() => undefined)
  }
}
