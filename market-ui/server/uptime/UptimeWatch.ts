import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Machine } from '../api/machineSchemas.ts'
import type { ChainRows } from '../db/ChainRows.ts'
import type { Hub } from '../live/Hub.ts'
import { askHealth, type EndpointHealth } from './askHealth.ts'
import type { Answer, UptimeStore } from './UptimeStore.ts'

const TICK_SECONDS = 15
const ASKED_AT_ONCE = 16
/** Whoever registers many endpoints on somebody else's host makes us ask it this often at most in a round. */
const MAX_PER_HOST = 32
/** If so many hosts are asked and none answers, it is our own network that is away: nobody is blamed. */
const HOSTS_NOT_ALL_DOWN = 3

type Parts = {
  readonly store: UptimeStore
  readonly rows: ChainRows
  readonly hub: Hub
  readonly logger: Logger
  readonly machines: () => Promise<readonly Machine[]>
  readonly allowPrivate: boolean
  /** How often a machine is asked; 0: never. */
  readonly everySeconds: number
}

/** Asks the endpoints of all machines that are offered or at work, again and again, and notes who answers. */
export class UptimeWatch {
  readonly #parts: Parts
  readonly #stopping = new AbortController()
  #running: Promise<void> = Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  start(): void {
    if (this.#parts.everySeconds > 0) this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    const tickMs = Math.min(this.#parts.everySeconds, TICK_SECONDS) * 1000
    while (!signal.aborted) {
      await this.#round().catch((err: unknown) => {
        if (!signal.aborted) this.#parts.logger.warn({ err }, 'machines cannot be asked how they are')
      })
      await delay(tickMs, undefined, { signal }).catch(() => undefined) // aborted: the loop ends
    }
  }

  async #round(): Promise<void> {
    const { store, rows, machines } = this.#parts
    const chain = await rows.chain()
    if (chain === undefined) return
    store.use(chain)
    const asked = askedNow(this.#due(await machines()))
    if (asked.length === 0) return
    const answers = await this.#ask(asked)
    if (this.#stopping.signal.aborted || isOurNetworkAway(asked, answers)) return
    this.#note(asked, answers)
  }

  /** Longest not asked first. */
  #due(machines: readonly Machine[]): Machine[] {
    const { store, everySeconds } = this.#parts
    const before = nowSeconds() - everySeconds
    const askedAt = ({ machineId }: Machine) => store.of(Number(machineId))?.askedAt ?? 0
    return machines
      .filter((machine) => machine.status === 'ForRent' || machine.status === 'Renting')
      .filter((machine) => askedAt(machine) <= before)
      .sort((a, b) => askedAt(a) - askedAt(b))
  }

  async #ask(asked: readonly Machine[]): Promise<Map<string, EndpointHealth | undefined>> {
    const waiting = [...new Set(asked.map(({ endpoint }) => endpoint))]
    const answers = new Map<string, EndpointHealth | undefined>()
    const askNext = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        if (this.#stopping.signal.aborted) return
        answers.set(next, await askHealth(next, this.#parts.allowPrivate, this.#stopping.signal))
      }
    }
    await Promise.all(Array.from({ length: ASKED_AT_ONCE }, askNext))
    return answers
  }

  #note(asked: readonly Machine[], answers: ReadonlyMap<string, EndpointHealth | undefined>): void {
    const { store, hub } = this.#parts
    const noted = asked.map((machine) => answerOf(machine, answers.get(machine.endpoint)))
    const turned = noted.filter(({ machineId, isUp }) => isUp !== wasUp(store, machineId))
    store.note(noted, nowSeconds())
    for (const { machineId } of turned) hub.publish({ topic: 'machine', id: String(machineId) })
  }
}

const nowSeconds = () => Math.floor(Date.now() / 1000)

const wasUp = (store: UptimeStore, machineId: number): boolean | undefined => {
  const before = store.of(machineId)
  return before && before.answeredAt === before.askedAt
}

/** At most so many endpoints of a host; the others come next time, since they then waited longest. */
const askedNow = (due: readonly Machine[]): Machine[] => {
  const ofHost = new Map<string, Set<string>>()
  return due.filter(({ endpoint }) => {
    const host = hostOf(endpoint)
    const endpoints = ofHost.get(host) ?? new Set()
    ofHost.set(host, endpoints)
    if (!endpoints.has(endpoint) && endpoints.size >= MAX_PER_HOST) return false
    endpoints.add(endpoint)
    return true
  })
}

const hostOf = (endpoint: string): string => (URL.canParse(endpoint) ? new URL(endpoint).hostname : '')

const isOurNetworkAway = (
  asked: readonly Machine[],
  answers: ReadonlyMap<string, EndpointHealth | undefined>,
): boolean => {
  const hosts = new Set(asked.map(({ endpoint }) => hostOf(endpoint)))
  return hosts.size >= HOSTS_NOT_ALL_DOWN && [...answers.values()].every((answer) => answer === undefined)
}

/** Up is whose endpoint answers as the daemon of that seller and that machine. */
const answerOf = ({ machineId, owner }: Machine, health: EndpointHealth | undefined): Answer => {
  const isUp =
    health !== undefined &&
    health.seller.toLowerCase() === owner.toLowerCase() &&
    health.machines.some((one) => one.machineId === machineId)
  const said = isUp ? JSON.stringify(health.benchmark) : undefined
  return { machineId: Number(machineId), isUp, ...(said === undefined ? {} : { said }) }
}
