import type { ChainRows } from '../db/ChainRows.ts'
import { askHealth } from '../uptime/askHealth.ts'
import type { JobReader } from './JobReader.ts'
import type { ImageOnMachine } from './machineSchemas.ts'
import { jobCidOf } from './toOrder.ts'

/** Orders that are looked through, newest first. */
const MAX_LOOKED_AT = 200

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
    const { rows, jobs } = this.#parts
    const record = { passed: 0, unaudited: 0 }
    for (const id of (await rows.orderIds({})).slice(0, MAX_LOOKED_AT)) {
      const facts = await rows.order(id)
      if (!facts || facts.order.terms.mode === 'None' || facts.order.settledAt === 0) continue
      const job = await jobs.readJob(jobCidOf(await rows.eventsOfOrder(id)), facts.order.terms.jobHash)
      if (job?.environment.profile !== 'image' || job.environment.image !== image) continue
      const on = await rows.machine(Number(facts.order.machineId))
      if (on?.machine.hardwareClass !== hardwareClass) continue
      if (facts.audit.outcome === 'Pass') record.passed++
      else if (facts.order.status === 'Unaudited') record.unaudited++
    }
    return record
  }
}
