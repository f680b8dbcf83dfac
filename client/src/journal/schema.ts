/**
 * The journal's tables. `orders` holds each order's state; the other tables hold the things that its
 * counters count, written before the action that moves the counter.
 */
export const JOURNAL_SCHEMA = `
PRAGMA locking_mode = EXCLUSIVE; -- two daemons must not share it; the system frees the lock of a dead one
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS orders (orderId TEXT PRIMARY KEY, state TEXT NOT NULL, updatedAtMs INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS seeds (
  orderId TEXT NOT NULL, window INTEGER NOT NULL, seed TEXT NOT NULL, beacon TEXT NOT NULL, beaconBlock INTEGER NOT NULL,
  PRIMARY KEY (orderId, window)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS leaves (
  orderId TEXT NOT NULL, segment INTEGER NOT NULL, leaf TEXT NOT NULL, progress TEXT NOT NULL,
  PRIMARY KEY (orderId, segment)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS evidence (
  orderId TEXT NOT NULL, window INTEGER NOT NULL, cid TEXT NOT NULL, bytes BLOB NOT NULL,
  PRIMARY KEY (orderId, window)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (
  orderId TEXT NOT NULL, id INTEGER NOT NULL, event TEXT NOT NULL, data TEXT NOT NULL,
  PRIMARY KEY (orderId, id)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
  account TEXT NOT NULL, nonce INTEGER NOT NULL, versions TEXT NOT NULL,
  PRIMARY KEY (account, nonce)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`
