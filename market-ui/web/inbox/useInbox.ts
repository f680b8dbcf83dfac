import { useQuery } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { healthQuery, inboxQuery } from '../api/queries.ts'
import { local } from '../local.ts'
import { useWallet } from '../wallet/useWallet.ts'
import { readMarks, unreadOf } from './readMark.ts'

/** What concerns the connected account, and how much of it is unread. */
export const useInbox = () => {
  const { account } = useWallet()
  const { data: health } = useQuery(healthQuery())
  const query = useQuery(inboxQuery(account, local.notifies.get() === true))
  useSyncExternalStore(readMarks.subscribe, readMarks.snapshot)
  const genesisHash = health?.genesisHash ?? undefined
  const unread =
    account && genesisHash && query.data ? unreadOf(query.data.notices, account, genesisHash).length : 0
  return { account, genesisHash, query, unread }
}
