import type { Agreement } from '../buyer/readAgreement.ts'
import type { Say } from './say.ts'

/** How to say until when an agreement can be challenged, in the reader's own clock. */
const clockOf = (until: number): string => new Date(until * 1_000).toLocaleTimeString('en-GB')

/** What whoever cannot have, or does not believe, what a pair agreed on does about it, once for each order of the pair. */
export function challengeCommands(
  { orders, lastSegment }: Agreement,
  places: { rpc: string; store: string },
): string[] {
  return orders.map(
    (orderId) =>
      `trainyard-verify dispute ${orderId} --segment ${lastSegment} --rpc ${places.rpc} --store ${places.store} --keystore FILE --password-file FILE --unserved --yes`,
  )
}

/** That the model has to be fetched now. */
export const fetchNow = ({ until }: Agreement): string =>
  `Both sellers came to the same, so nobody else has run it or looked whether the model can be had. Until ${clockOf(until)} either order can still be challenged: the model is fetched now.`

/** That it could not be had, or is not what it should be, and what to do until when. */
export function notHad(agreement: Agreement, why: string, places: { rpc: string; store: string }): string {
  const { until } = agreement
  if (until * 1_000 <= Date.now())
    return `${why} The time to challenge is over (${clockOf(until)}): both sellers are paid.`
  const commands = challengeCommands(agreement, places).join('\n  ')
  return `${why} Until ${clockOf(until)} challenge both orders, under a bond that is free again unless a jury refutes you:\n  ${commands}`
}

/** Says that to whoever reads along. */
export function tellNotHad(
  say: Say,
  agreement: Agreement,
  why: string,
  places: { rpc: string; store: string },
): void {
  const challenge = challengeCommands(agreement, places)
  const { until } = agreement
  say.progress({ event: 'notHad', why, until, challenge }, `warning   ${notHad(agreement, why, places)}`)
}
