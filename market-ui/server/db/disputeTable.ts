import type { DatabaseSync } from 'node:sqlite'
import type { DisputeFacts } from '../follower/facts.ts'
import { toStoredJson } from './stored.ts'

export const get = (db: DatabaseSync, disputeId: number): DisputeFacts | undefined => {
  const row = db.prepare('SELECT facts FROM disputes WHERE disputeId = ?').get(disputeId)
  return row && (JSON.parse(String(row.facts)) as DisputeFacts)
}

/** Numbers of an order's disputes, or of those that are open, oldest first. */
export const ids = (
  db: DatabaseSync,
  wanted: { readonly orderId: number } | { readonly isOpen: true },
): number[] => {
  const rows =
    'orderId' in wanted
      ? db.prepare('SELECT disputeId FROM disputes WHERE orderId = ? ORDER BY disputeId').all(wanted.orderId)
      : db.prepare('SELECT disputeId FROM disputes WHERE closed = 0 ORDER BY disputeId').all()
  return rows.map((row) => Number(row.disputeId))
}

/** Writes or removes a dispute. Returns the orders of which something changed by that. */
export const put = (db: DatabaseSync, disputeId: number, facts: DisputeFacts | undefined): number[] => {
  const before = get(db, disputeId)
  const orders = [before, facts].flatMap((known) => (known ? [Number(known.orderId)] : []))
  if (facts === undefined) {
    db.prepare('DELETE FROM disputes WHERE disputeId = ?').run(disputeId)
    return orders
  }
  const json = toStoredJson(facts)
  if (before !== undefined && toStoredJson(before) === json) return []
  db.prepare('INSERT OR REPLACE INTO disputes (disputeId, orderId, closed, facts) VALUES (?, ?, ?, ?)').run(
    disputeId,
    Number(facts.orderId),
    facts.stage === 'Closed' ? 1 : 0,
    json,
  )
  return orders
}
