import type { AnyJob } from '@trainyard/verifier/rental.ts'
import type { ChainRows } from '../db/ChainRows.ts'
import type { OrderFilter } from '../db/rowTypes.ts'
import type { UptimeStore } from '../uptime/UptimeStore.ts'
import type { JobReader } from './JobReader.ts'
import type { Machine, MachineDetail } from './machineSchemas.ts'
import type { ResultReader } from './ResultReader.ts'
import type { SeatReader } from './SeatReader.ts'
import type { SpecReader } from './SpecReader.ts'
import type { Activity, Dispute, DisputeSummary, Disputes, Order, Orders } from './schemas.ts'
import { toActivity } from './toActivity.ts'
import { toDispute, toDisputeSummary } from './toDispute.ts'
import { toMachine } from './toMachine.ts'
import { toMachineDetail } from './toMachineDetail.ts'
import { jobCidOf, resultCidOf, toOrder } from './toOrder.ts'
import { toOrderSummary } from './toOrderSummary.ts'

type Parts = {
  readonly rows: ChainRows
  readonly jobs: JobReader
  readonly results: ResultReader
  readonly specs: SpecReader
  readonly seats: SeatReader
  readonly uptime: Pick<UptimeStore, 'of' | 'revision'>
  /** Whether drand's rounds draw on this chain. */
  readonly isDrand: () => boolean
}

type ReadMachines = { readonly revision: string; readonly staleAt: number; readonly list: readonly Machine[] }

/** Whoever opens more than that in one order has paid a bond for each. */
const MAX_DISPUTES = 100

/** Scores fade all the time, and seats are asked for now and then. */
const FADES_SECONDS = 60
/** A specification may reach the store after the machine the chain. */
const UNREAD_SECONDS = 10

const nowSeconds = () => Math.floor(Date.now() / 1000)

/** Answers the API's questions from the followed rows and the store. */
export class MarketReader {
  readonly #parts: Parts
  #machines: ReadMachines | undefined

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** All machines. What was read is used again until something of it is known to be otherwise. */
  async machines(): Promise<readonly Machine[]> {
    const now = nowSeconds()
    const revision = this.#revision()
    if (this.#machines?.revision === revision && now < this.#machines.staleAt) return this.#machines.list
    const list = await this.#readMachines(now)
    const ends = list.flatMap(({ offer }) => (offer ? [offer.expiresAt] : []))
    const isWhole = list.every(({ specs }) => specs !== null)
    const staleAt = Math.min(now + (isWhole ? FADES_SECONDS : UNREAD_SECONDS), ...ends)
    this.#machines = { revision, staleAt, list }
    return list
  }

  #revision(): string {
    const { rows, uptime, seats } = this.#parts
    return `${rows.revision} ${uptime.revision} ${seats.revision}`
  }

  async #readMachines(now: number): Promise<Machine[]> {
    const { rows, seats } = this.#parts
    const [proofs, parameters, machines] = [
      await rows.proofs(),
      await rows.parameters(),
      await rows.machines(),
    ]
    const list: Machine[] = []
    for (const [id, facts] of machines) {
      const known = {
        specs: await this.#parts.specs.read(facts.machine.specHash),
        uptime: this.#parts.uptime.of(id),
        proofs: proofs.get(id),
        seats: seats.of(facts.machine.hardwareClass),
        minSeats: parameters?.minSeats ?? 1,
      }
      list.push(toMachine(id, facts, known, now))
    }
    seats.keepFresh([...machines.values()].map(({ machine }) => machine.hardwareClass))
    return list
  }

  async machine(machineId: number): Promise<MachineDetail | undefined> {
    const { rows, seats, uptime } = this.#parts
    const machine = (await this.machines()).find((one) => one.machineId === String(machineId))
    const facts = machine && (await rows.machine(machineId))
    return (
      facts &&
      toMachineDetail({
        machine,
        facts,
        seats: seats.of(facts.machine.hardwareClass),
        uptime: uptime.of(machineId),
        events: await rows.eventsOfMachine(machineId),
        orderCount: (await rows.orderIds({ machineId: String(machineId) })).length,
        disputes: await this.#summaries(await rows.disputeIdsOfMachine(machineId, MAX_DISPUTES)),
      })
    )
  }

  /** Orders, newest first, at most `limit`, with numbers below `before`. */
  async orders(limit: number, filter: OrderFilter = {}, before = Number.MAX_SAFE_INTEGER): Promise<Orders> {
    const { rows, jobs } = this.#parts
    const ids = await rows.orderIds(filter)
    const wanted = ids.filter((id) => id < before).slice(0, limit)
    const orders = await Promise.all(
      wanted.map(async (id) => {
        const facts = await rows.order(id)
        if (facts === undefined) return []
        const job = await jobs.read(jobCidOf(await rows.eventsOfOrder(id)), facts.order.terms.jobHash)
        return [toOrderSummary(id, facts, job?.name ?? null)]
      }),
    )
    return { orders: orders.flat(), total: ids.length }
  }

  /** The job of an order as its buyer wrote it; null while the store does not have it, undefined if there is no order. */
  async job(orderId: number): Promise<AnyJob | null | undefined> {
    const { rows, jobs } = this.#parts
    const facts = await rows.order(orderId)
    return facts && jobs.readJob(jobCidOf(await rows.eventsOfOrder(orderId)), facts.order.terms.jobHash)
  }

  /** What happened to orders last, newest first. */
  async activity(limit: number): Promise<Activity> {
    const { rows, isDrand } = this.#parts
    const events = await rows.newestOrderEvents(limit)
    return { activity: events.flatMap((event) => toActivity(event, isDrand())) }
  }

  async order(orderId: number): Promise<Order | undefined> {
    const { rows, jobs, results } = this.#parts
    const facts = await rows.order(orderId)
    if (facts === undefined) return undefined
    const events = await rows.eventsOfOrder(orderId)
    const [job, result] = await Promise.all([
      jobs.read(jobCidOf(events), facts.order.terms.jobHash),
      results.read(resultCidOf(events)),
    ])
    const settled = events.findLast((event) => event.name === 'OrderSettled')
    const settlement = settled ? await rows.eventsOfTx(settled.txHash) : []
    return toOrder(orderId, {
      settlement,
      facts,
      events,
      twin: await this.#twin(Number(facts.twin)),
      job,
      result,
      disputes: await this.#summaries((await rows.disputeIdsOf(orderId)).slice(-MAX_DISPUTES)),
      confirmSeconds: (await rows.parameters())?.confirmSeconds ?? 0,
      isDrand: this.#parts.isDrand(),
    })
  }

  async #twin(orderId: number): Promise<Parameters<typeof toOrder>[1]['twin']> {
    const { rows } = this.#parts
    const facts = orderId === 0 ? undefined : await rows.order(orderId)
    return facts && { facts, events: await rows.eventsOfOrder(orderId) }
  }

  /** Disputes that are not closed, newest first. */
  async openDisputes(): Promise<Disputes> {
    const ids = await this.#parts.rows.openDisputeIds()
    return { disputes: (await this.#summaries(ids.slice(-MAX_DISPUTES))).reverse(), total: ids.length }
  }

  async dispute(disputeId: number): Promise<Dispute | undefined> {
    const { rows } = this.#parts
    const facts = await rows.dispute(disputeId)
    const order = facts && (await rows.order(Number(facts.orderId)))
    if (facts === undefined || order === undefined) return undefined
    const events = await rows.eventsOfDispute(disputeId)
    const closed = events.findLast((event) => event.name === 'DisputeClosed')
    const closing = closed ? await rows.eventsOfTx(closed.txHash) : []
    return toDispute(disputeId, { facts, order, events, closing, isDrand: this.#parts.isDrand() })
  }

  async #summaries(ids: readonly number[]): Promise<DisputeSummary[]> {
    const { rows, isDrand } = this.#parts
    const found = await Promise.all(
      ids.map(async (id) => {
        const facts = await rows.dispute(id)
        const order = facts && (await rows.order(Number(facts.orderId)))
        return facts && order
          ? [toDisputeSummary(id, facts, order, await rows.eventsOfDispute(id), isDrand())]
          : []
      }),
    )
    return found.flat()
  }
}
