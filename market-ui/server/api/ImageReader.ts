import type { ChainRows } from '../db/ChainRows.ts'
import { askHealth } from '../uptime/askHealth.ts'
import type { JobReader } from './JobReader.ts'
import type { ImageOnMachine } from './machineSchemas.ts'
import { jobCidOf } from './toOrder.ts'

/** Settled orders that are counted, newest first. */
const MAX_COUNTED = 200

/** What a settled order says of an image; undefined: nothing, it has none or nobody audited it. */
type Ending = { readonly image: string; readonly hardwareClass: string; readonly passed: boolean } | undefined

type Parts = {
  readonly rows: ChainRows
  readonly jobs: JobReader
  /** Whether endpoints at loopback and private addresses are asked. */
  readonly allowPrivate: boolean
}

/**
 * What a machine says of an image, and what became of orders of it. Auditors say nowhere which images they have: that they passed
 * such orders of the machine's class is all that can be known of it.
 */
export class ImageReader {
  readonly #parts: Parts
  /** What is settled stays so: looked at once. By order and time, since a reorganised chain may settle it anew. */
  readonly #endings = new Map<string, Ending>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Undefined if there is no such machine. A machine that does not answer says neither yes nor no. */
  async of(machineId: number, image: string, signal: AbortSignal): Promise<ImageOnMachine | undefined> {
    const { rows, allowPrivate } = this.#parts
    const facts = await rows.machine(machineId)
    if (facts === undefined) return undefined
    const { endpoint, hardwareClass } = facts.machine
    const health = await askHealth(endpoint, allowPrivate, signal)
    const said = health?.machines.find((one) => one.machineId === String(machineId))
    return {
      takes: said?.images ? said.images.includes(image) : null,
      vouches: said?.vouchedImages?.includes(image) ?? false,
      ...(await this.#record(image, hardwareClass)),
    }
  }

  async #record(image: string, hardwareClass: string): Promise<{ passed: number; unaudited: number }> {
    const record = { passed: 0, unaudited: 0 }
    const settled = await this.#parts.rows.settledOrders(MAX_COUNTED)
    const keys = settled.map(({ orderId, settledAt }) => `${orderId} ${settledAt}`)
    for (const [at, key] of keys.entries()) {
      if (!this.#endings.has(key)) await this.#look(key, settled[at]!.orderId)
      const ending = this.#endings.get(key)
      if (ending?.image !== image || ending.hardwareClass !== hardwareClass) continue
      record[ending.passed ? 'passed' : 'unaudited']++
    }
    for (const key of this.#endings.keys()) if (!keys.includes(key)) this.#endings.delete(key)
    return record
  }

  async #look(key: string, orderId: number): Promise<void> {
    const { rows, jobs } = this.#parts
    const facts = await rows.order(orderId)
    if (!facts) return
    const { terms } = facts.order
    const passed = facts.audit.outcome === 'Pass'
    if (terms.mode === 'None' || !(passed || facts.order.status === 'Unaudited'))
      return void this.#endings.set(key, undefined)
    const job = await jobs.readJob(jobCidOf(await rows.eventsOfOrder(orderId)), terms.jobHash)
    const on = await rows.machine(Number(facts.order.machineId))
    // A job may still come into the store.
    if (!job || !on) return
    const { environment } = job
    const { hardwareClass } = on.machine
    const isImage = environment.profile === 'image'
    this.#endings.set(key, isImage ? { image: environment.image, hardwareClass, passed } : undefined)
  }
}
