import type { ChainRows } from '../db/ChainRows.ts'
import type { JobReader } from './JobReader.ts'
import type { ResultReader } from './ResultReader.ts'
import type { Machine, Order, Orders } from './schemas.ts'
import { toMachine } from './toMachine.ts'
import { jobCidOf, resultCidOf, toOrder } from './toOrder.ts'
import { toOrderSummary } from './toOrderSummary.ts'

type Parts = { readonly rows: ChainRows; readonly jobs: JobReader; readonly results: ResultReader }

/** Answers the API's questions from the followed rows and the store. */
export class MarketReader {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  machines(): Machine[] {
    return this.#parts.rows.machineIds().flatMap((id) => this.machine(id) ?? [])
  }

  machine(machineId: number): Machine | undefined {
    const { rows } = this.#parts
    const facts = rows.machine(machineId)
    return (
      facts && toMachine(machineId, facts, rows.eventsOfMachine(machineId), Math.floor(Date.now() / 1000))
    )
  }

  /** Orders, newest first, at most `limit`, with numbers below `before`. */
  async orders(limit: number, before = Number.MAX_SAFE_INTEGER): Promise<Orders> {
    const { rows, jobs } = this.#parts
    const ids = rows.orderIds()
    const wanted = ids.filter((id) => id < before).slice(0, limit)
    const orders = await Promise.all(
      wanted.map(async (id) => {
        const facts = rows.order(id)
        if (facts === undefined) return []
        const job = await jobs.read(jobCidOf(rows.eventsOfOrder(id)), facts.order.terms.jobHash)
        return [toOrderSummary(id, facts, job?.name ?? null)]
      }),
    )
    return { orders: orders.flat(), total: ids.length }
  }

  async order(orderId: number): Promise<Order | undefined> {
    const { rows, jobs, results } = this.#parts
    const facts = rows.order(orderId)
    if (facts === undefined) return undefined
    const events = rows.eventsOfOrder(orderId)
    const [job, result] = await Promise.all([
      jobs.read(jobCidOf(events), facts.order.terms.jobHash),
      results.read(resultCidOf(events)),
    ])
    const settled = events.findLast((event) => event.name === 'OrderSettled')
    const settlement = settled ? rows.eventsOfTx(settled.txHash) : []
    return toOrder(orderId, {
      settlement,
      facts,
      events,
      job,
      result,
      confirmSeconds: rows.parameters()?.confirmSeconds ?? 0,
    })
  }
}
