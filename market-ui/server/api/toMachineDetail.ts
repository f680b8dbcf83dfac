import type { MachineFacts } from '../follower/facts.ts'
import type { StoredEvent } from '../follower/storedEvent.ts'
import type { Uptime } from '../uptime/UptimeStore.ts'
import { benchmarkSchema } from './benchmarkSchema.ts'
import type { Machine, MachineDetail } from './machineSchemas.ts'
import type { DisputeSummary } from './schemas.ts'

type Parts = {
  readonly machine: Machine
  readonly facts: MachineFacts
  readonly seats: number | undefined
  readonly uptime: Uptime | undefined
  readonly events: readonly StoredEvent[]
  readonly orderCount: number
  readonly disputes: readonly DisputeSummary[]
}

/** A machine with all that is known of it: what it was offered for, how it was found, what its seller says of it. */
export const toMachineDetail = (parts: Parts): MachineDetail => {
  const { machine, facts, seats, uptime, events, orderCount, disputes } = parts
  const { lastHeartbeatAt, ...record } = facts.reputation
  return {
    ...machine,
    specUri: events.reduce(specUriAfter, null),
    auditors: seats ?? null,
    record,
    lastHeartbeatAt,
    watched: uptime
      ? { days: [...uptime.days], askedAt: uptime.askedAt, answeredAt: uptime.answeredAt }
      : null,
    benchmark: benchmarkOf(uptime),
    orderCount,
    disputes: [...disputes],
    offers: events.flatMap((event) => {
      if (event.name !== 'OfferMade') return []
      const { offerId, pricePerHourWei, minSeconds, maxSeconds } = event.args
      return [{ offerId, pricePerHourWei, minSeconds, maxSeconds, txHash: event.txHash, at: event.at }]
    }),
  }
}

const specUriAfter = (before: string | null, event: StoredEvent): string | null =>
  event.name === 'MachineAdded' || event.name === 'MachineUpdated' ? event.args.specUri : before

const benchmarkOf = (uptime: Uptime | undefined): MachineDetail['benchmark'] => {
  const said = uptime?.said
  const parsed = said ? benchmarkSchema.nullable().safeParse(JSON.parse(said.text)) : undefined
  return said && parsed?.data ? { ...parsed.data, saidAt: said.atSeconds } : null
}
