import { modesIn } from '@trainyard/contracts/modesMask.ts'
import type { ProofMode } from '@trainyard/contracts/words.ts'
import { id as keccakOfText } from 'ethers'
import type { MachineFacts } from '../follower/facts.ts'
import { fadedShare } from '../follower/fadedShare.ts'
import { dayOf, type Uptime } from '../uptime/UptimeStore.ts'
import type { Machine, Specs } from './machineSchemas.ts'

/** Classes whose names are known; others are shown by their hash. */
const classNames: ReadonlyMap<string, string> = new Map(
  ['canonical'].map((name) => [keccakOfText(name), name]),
)

const UPTIME_DAYS = 7

/** What is known of a machine besides its facts on chain. */
export type KnownOfMachine = {
  readonly specs: Specs | null
  readonly uptime: Uptime | undefined
  readonly proofs: { readonly orders: number; readonly at: number } | undefined
  /** Auditors in its class, undefined while that is not known, and how many it takes. */
  readonly seats: number | undefined
  readonly minSeats: number
}

/** A machine as the API shows it; an offer past its time is none. */
export const toMachine = (
  machineId: number,
  facts: MachineFacts,
  { specs, uptime, proofs, seats, minSeats }: KnownOfMachine,
  nowSeconds: number,
): Machine => {
  const { machine, offer } = facts
  const isOpen = offer?.open === true && offer.expiresAt > nowSeconds
  return {
    machineId: String(machineId),
    owner: machine.owner,
    status: machine.status === 'ForRent' && !isOpen ? 'Idle' : machine.status,
    hardwareClass: classNames.get(machine.hardwareClass) ?? machine.hardwareClass,
    endpoint: machine.endpoint,
    specs,
    currentOrderId: machine.currentOrderId === '0' ? null : machine.currentOrderId,
    completed: machine.completed,
    failed: machine.failed,
    expired: machine.expired,
    offer: isOpen
      ? {
          offerId: machine.offerId,
          pricePerHourWei: offer.pricePerHourWei,
          minSeconds: offer.minSeconds,
          maxSeconds: offer.maxSeconds,
          expiresAt: offer.expiresAt,
        }
      : null,
    uptime: uptime ? uptimeOf(uptime, dayOf(nowSeconds) - UPTIME_DAYS) : null,
    effectiveNutPerDay: effectiveNut(facts.credits, nowSeconds),
    proved: proofs ? { orders: proofs.orders, lastAt: proofs.at } : null,
    proofModes: seats === undefined ? null : modesOf(machine.modes, seats >= minSeats),
  }
}

/** What it takes, but for proofs that its class has too few auditors for. */
const modesOf = (modes: number, hasAuditors: boolean): ProofMode[] =>
  modesIn(modes).filter((mode) => mode === 'None' || hasAuditors)

const uptimeOf = ({ days }: Uptime, afterDay: number): Machine['uptime'] => {
  const recent = days.filter(({ day }) => day > afterDay)
  const sum = (of: 'asked' | 'answered') => recent.reduce((total, day) => total + day[of], 0)
  const asked = sum('asked')
  return asked === 0 ? null : { asked, answered: sum('answered') }
}

const effectiveNut = (credits: MachineFacts['credits'], nowSeconds: number): string =>
  credits === null
    ? '0'
    : BigInt(Math.floor(credits.nutPerDay * fadedShare(nowSeconds - credits.creditedAt))).toString()
