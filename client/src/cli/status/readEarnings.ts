import type { ChainContext } from '@trainyard/contracts/context.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { type OrderFacts, readOrder } from '@trainyard/contracts/readOrder.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'

const MICROS_PER_HOUR = 3_600_000_000n
const BPS = 10_000n
/** Newest orders that are added up; a machine that has done more says so. */
const MAX_ORDERS = 1_000
const AT_ONCE = 20

/** What orders have brought: what is settled, and what is earned but still to be audited and settled. */
export type Earnings = {
  /** To the seller, after the protocol's fee. */
  paidWei: bigint
  pendingWei: bigint
  lostStakeWei: bigint
  settled: Record<string, number>
  /** How many orders were added up, of how many. */
  counted: number
  orders: number
}

/** Adds up a machine's orders, as the chain has them. */
export async function readEarnings(chain: ChainContext, orderIds: readonly string[]): Promise<Earnings> {
  const ids = orderIds.slice(-MAX_ORDERS).map(BigInt)
  const { timestamp } = await readHead(chain)
  const feeBps = feeReader(chain)
  const sum: Earnings = {
    paidWei: 0n,
    pendingWei: 0n,
    lostStakeWei: 0n,
    settled: {},
    counted: ids.length,
    orders: orderIds.length,
  }
  for (let i = 0; i < ids.length; i += AT_ONCE) {
    await Promise.all(
      ids.slice(i, i + AT_ONCE).map(async (id) => {
        const order = await readOrder(chain, id)
        if (order.status === 'None') return // of a chain that was started over
        const afterFee = async (wei: bigint) => wei - (wei * (await feeBps(id))) / BPS
        sum.lostStakeWei += order.slashedWei
        if (order.settledAt === 0) {
          sum.pendingWei += await afterFee(await earnedSoFar(chain, id, order, timestamp))
        } else {
          sum.paidWei += await afterFee(order.paidWei)
          sum.settled[order.status] = (sum.settled[order.status] ?? 0) + 1
        }
      }),
    )
  }
  return sum
}

/** Pay by time, capped by the windows that are on chain (docs/formats.md). */
async function earnedSoFar(chain: ChainContext, id: bigint, order: OrderFacts, now: number): Promise<bigint> {
  if (order.startedAt === 0) return 0n
  const { maxSeconds, stepMicros, steps, stepsPerSegment, segmentsPerWindow } = order.terms
  const end = order.endedAt === 0 ? now : order.endedAt
  const elapsedMicros = BigInt(Math.min(maxSeconds, Math.max(0, end - order.startedAt))) * 1_000_000n
  const committed = Number(await readWindowCount(chain, id)) * stepsPerSegment * segmentsPerWindow
  const provedMicros = BigInt(Math.min(steps, committed)) * BigInt(stepMicros)
  const micros = elapsedMicros < provedMicros ? elapsedMicros : provedMicros
  return (order.pricePerHourWei * micros) / MICROS_PER_HOUR
}

/** An order's fee is that of the parameters it was placed under. */
function feeReader(chain: ChainContext): (orderId: bigint) => Promise<bigint> {
  const versions = new Map<number, Promise<bigint>>()
  return async (orderId) => {
    const { parametersVersion: version } = await read(chain, 'market', 'agreedOf', [orderId])
    const known = versions.get(version)
    if (known) return known
    const reading = read(chain, 'runtime', 'parametersAt', [version]).then((p) => BigInt(p.protocolFeeBps))
    versions.set(version, reading)
    return reading
  }
}
