export type Handlers = {
  readonly events: Readonly<Record<string, (data: unknown, id: string) => void>>
  readonly onOpen?: () => void
  readonly onLost?: () => void
}

const REOPEN_MS = 2_000

/**
 * An event stream that is open only while the page is seen: browsers allow six connections to one server, so pages in
 * the background must not hold any. Returns what closes it.
 */
export const openStream = (url: string, { events, onOpen, onLost }: Handlers): (() => void) => {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  const close = () => {
    clearTimeout(timer)
    source?.close()
    source = undefined
  }
  const open = () => {
    if (source !== undefined || document.hidden) return
    const opened = new EventSource(url)
    source = opened
    opened.onopen = () => onOpen?.()
    opened.onerror = () => {
      onLost?.()
      if (opened.readyState !== EventSource.CLOSED) return // the browser tries again by itself
      close()
      timer = setTimeout(open, REOPEN_MS)
    }
    for (const [name, handle] of Object.entries(events))
      opened.addEventListener(name, (event) => {
        const { data, lastEventId } = event as MessageEvent<string>
        handle(JSON.parse(data), lastEventId)
      })
  }
  const onVisibility = () => (document.hidden ? close() : open())

  document.addEventListener('visibilitychange', onVisibility)
  open()
  return () => {
    document.removeEventListener('visibilitychange', onVisibility)
    close()
  }
}
