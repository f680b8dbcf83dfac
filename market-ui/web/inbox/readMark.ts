import type { Notice } from '../../server/api/accountSchemas.ts'
import { local } from '../local.ts'

type Position = Pick<Notice, 'blockNumber' | 'logIndex'>

const listeners = new Set<() => void>()
let version = 0

/** A number that changes with every mark, for who shows what is unread. */
export const readMarks = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  snapshot: (): number => version,
}

const keyOf = (account: string): string => account.toLowerCase()

/** How far an account's inbox was read on this chain; on another one nothing is read yet. */
const readUpTo = (account: string, genesisHash: string): Position => {
  const text = local.inboxRead.get()?.[keyOf(account)]
  const [genesis, block, log] = typeof text === 'string' ? text.split(':') : []
  return genesis === genesisHash
    ? { blockNumber: Number(block), logIndex: Number(log) }
    : { blockNumber: -1, logIndex: -1 }
}

/** Whether a comes after b on the chain. */
export const isAfter = (a: Position, b: Position): boolean =>
  a.blockNumber > b.blockNumber || (a.blockNumber === b.blockNumber && a.logIndex > b.logIndex)

/** Notices that were not read yet. */
export const unreadOf = (notices: readonly Notice[], account: string, genesisHash: string): Notice[] => {
  const mark = readUpTo(account, genesisHash)
  return notices.filter((notice) => isAfter(notice, mark))
}

/** Everything up to a notice is read. */
export const markRead = (account: string, genesisHash: string, upTo: Position): void => {
  if (!isAfter(upTo, readUpTo(account, genesisHash))) return
  const { blockNumber, logIndex } = upTo
  local.inboxRead.set({
    ...local.inboxRead.get(),
    [keyOf(account)]: `${genesisHash}:${blockNumber}:${logIndex}`,
  })
  version += 1
  for (const listener of listeners) listener()
}
