import type { ChainContext } from '@trainyard/contracts/context.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readAudit } from '@trainyard/contracts/readAudit.ts'
import { readTwin } from '@trainyard/contracts/readTwin.ts'

/** What a refereed order passed by, where nobody but its two sellers ran it. */
export type Agreement = {
  /** Both orders. */
  readonly orders: readonly [bigint, bigint]
  /** The last segment, which answers for the model. */
  readonly lastSegment: number
  /** Until when this order can be challenged, Unix seconds. */
  readonly until: number
}

/** Undefined: it has not passed so, or not yet. Throws ChainUnreachable. */
export async function readAgreement(context: ChainContext, orderId: bigint): Promise<Agreement | undefined> {
  const twin = await readTwin(context, orderId)
  if (twin === undefined || !(await read(context, 'proofs', 'passedByAgreement', [orderId]))) return undefined
  const { committed } = await read(context, 'market', 'factsOf', [orderId])
  const { deadlineAt: until } = await readAudit(context, orderId)
  return { orders: [orderId, twin], lastSegment: committed - 1, until }
}
