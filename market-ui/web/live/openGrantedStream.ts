import { ApiProblem } from '../api/fetchJson.ts'
import type { Handlers } from './openStream.ts'
import { readStream } from './readStream.ts'

const REOPEN_MS = 2_000

type Granted = Handlers & {
  /** The server takes the grant no longer: it has ended, or was never good. Nothing is asked again. */
  readonly onRefused: (problem: ApiProblem) => void
}

/** As openStream, with a grant; it comes back with the last id it had. */
export const openGrantedStream = (url: string, authorization: string, handlers: Granted): (() => void) => {
  let running: AbortController | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastEventId = ''
  const close = () => {
    clearTimeout(timer)
    running?.abort()
    running = undefined
  }
  const open = async () => {
    if (running !== undefined || document.hidden) return
    const own = new AbortController()
    running = own
    const onEvent = (event: string, data: string, id: string) => {
      if (id !== '') lastEventId = id
      handlers.events[event]?.(JSON.parse(data), id)
    }
    const onOpen = () => handlers.onOpen?.()
    try {
      await readStream(url, { authorization, lastEventId, signal: own.signal, onOpen, onEvent })
    } catch (error) {
      if (own.signal.aborted) return
      if (error instanceof ApiProblem && error.status === 401) return handlers.onRefused(error)
    }
    if (own.signal.aborted) return
    handlers.onLost?.()
    close()
    timer = setTimeout(() => void open(), REOPEN_MS)
  }
  const onVisibility = () => (document.hidden ? close() : void open())
  document.addEventListener('visibilitychange', onVisibility)
  void open()
  return () => {
    document.removeEventListener('visibilitychange', onVisibility)
    close()
  }
}
