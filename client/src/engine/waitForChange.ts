import { watch } from 'node:fs'

/**
 * Resolves when something changes in a directory, or after maxWaitMs: file notifications may be lost, and
 * do not exist everywhere, so they only make it faster. Rejects when signal aborts.
 */
export function waitForChange(dir: string, maxWaitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const watcher = tryWatch(dir)
    const finish = () => {
      clearTimeout(timer)
      watcher?.close()
      signal.removeEventListener('abort', finish)
      if (signal.aborted) reject(signal.reason)
      else resolve()
    }
    const timer = setTimeout(finish, maxWaitMs)
    watcher?.once('change', finish)
    watcher?.once('error', finish)
    signal.addEventListener('abort', finish)
  })
}

function tryWatch(dir: string) {
  try {
    return watch(dir)
  } catch {
    return undefined // not there yet, or no watches left: polling does it
  }
}
