import { useEffect, useRef } from 'react'
import type { Notice } from '../../server/api/accountSchemas.ts'
import { local } from '../local.ts'
import { isAfter } from './readMark.ts'
import { useInbox } from './useInbox.ts'

/** Shows what happens from now on outside the page, if the user asked for that and the browser allows it. */
export const useNotifications = (): void => {
  const { account, genesisHash, query } = useInbox()
  const last = useRef<{ of: string; newest: Notice | undefined } | undefined>(undefined)
  const notices = query.data?.notices
  useEffect(() => {
    if (notices === undefined) return
    const of = `${account} ${genesisHash}`
    const before = last.current
    last.current = { of, newest: notices[0] }
    if (before === undefined || before.of !== of) return // what was there already is in the inbox
    const fresh = notices.filter((notice) => before.newest === undefined || isAfter(notice, before.newest))
    for (const notice of fresh.toReversed()) show(notice)
  }, [account, genesisHash, notices])
}

const show = ({ id, text }: Notice): void => {
  if (local.notifies.get() !== true || typeof Notification === 'undefined') return
  if (Notification.permission !== 'granted' || document.visibilityState === 'visible') return
  try {
    new Notification('Trainyard', { body: text, tag: id }) // the tag keeps two tabs from saying it twice
  } catch {
    // some browsers allow it to service workers only: the inbox has it
  }
}
