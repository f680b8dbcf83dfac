import { readSeatCount } from '@trainyard/contracts/readSeatCount.ts'
import type { ContractRunner } from 'ethers'
import { readDeployment } from '../follower/readDeployment.ts'

const EVERY_MS = 30_000
const UNKNOWN_EVERY_MS = 1_000
/** Anybody may make up hardware classes; those with most machines are asked for. */
const MAX_CLASSES = 64

type Parts = { readonly runner: () => ContractRunner; readonly deploymentPath: string }

/** How many auditors have a seat in a hardware class, as the chain said within the last half minute. */
export class SeatReader {
  readonly #parts: Parts
  readonly #seats = new Map<string, number>()
  #askedAtMs = Number.NEGATIVE_INFINITY
  #revision = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Grows when a number is another one. */
  get revision(): number {
    return this.#revision
  }

  /** Undefined while the chain was not asked or did not answer. */
  of(hardwareClass: string): number | undefined {
    return this.#seats.get(hardwareClass)
  }

  /** Asks the chain in the background, unless that was done a moment ago. Never throws. */
  keepFresh(hardwareClasses: Iterable<string>, nowMs = performance.now()): void {
    const wanted = mostCommon(hardwareClasses)
    const waitMs = wanted.every((name) => this.#seats.has(name)) ? EVERY_MS : UNKNOWN_EVERY_MS
    if (nowMs - this.#askedAtMs < waitMs) return
    this.#askedAtMs = nowMs
    void this.#ask(wanted).catch(() => undefined) // what was known stays until the next time
  }

  async #ask(hardwareClasses: readonly string[]): Promise<void> {
    const deployment = await readDeployment(this.#parts.deploymentPath)
    if (deployment === undefined) return
    const context = { deployment, runner: this.#parts.runner() }
    for (const hardwareClass of hardwareClasses) {
      const seats = Number(await readSeatCount(context, hardwareClass))
      if (this.#seats.get(hardwareClass) === seats) continue
      this.#seats.set(hardwareClass, seats)
      this.#revision += 1
    }
  }
}

const mostCommon = (hardwareClasses: Iterable<string>): string[] => {
  const counts = new Map<string, number>()
  for (const name of hardwareClasses) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_CLASSES)
    .map(([name]) => name)
}
