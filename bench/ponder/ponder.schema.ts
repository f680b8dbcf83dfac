import { onchainTable } from 'ponder'

/** What our follower keeps of an event. */
export const bonded = onchainTable('bonded', (t) => ({
  id: t.text().primaryKey(),
  block: t.bigint().notNull(),
  logIndex: t.integer().notNull(),
  txHash: t.hex().notNull(),
  account: t.hex().notNull(),
  amountWei: t.bigint().notNull(),
}))
