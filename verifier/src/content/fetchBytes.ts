import { ContentTooLarge, ContentUnavailable } from './errors.ts'

type Request = {
  url: string
  maxBytes: number
  timeoutMs: number
  headers?: Record<string, string>
  signal?: AbortSignal
}

async function readBody(response: Response, url: string, maxBytes: number): Promise<Uint8Array> {
  if (!response.body) return new Uint8Array(0)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.length
    if (size > maxBytes) throw new ContentTooLarge(url, maxBytes)
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/**
 * fetch, and once more where the connection was closed before any answer: one kept from an earlier request may be gone
 * by the time this thread, busy with training, gets to know, and its server is not silent for that.
 */
async function fetchAgain(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (!isClosedEarly(error)) throw error
    return fetch(url, init)
  }
}

function isClosedEarly(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
}

/**
 * GETs at most `maxBytes` within `timeoutMs`, following no redirects (the address was checked, its target was not).
 * Throws ContentTooLarge, or ContentUnavailable for everything that may be better later.
 */
export async function fetchBytes(request: Request): Promise<Uint8Array> {
  const { url, maxBytes, timeoutMs, headers = {} } = request
  const timeout = AbortSignal.timeout(Math.ceil(timeoutMs)) // it takes whole milliseconds only
  const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout
  try {
    const response = await fetchAgain(url, { headers, signal, redirect: 'error' })
    if (!response.ok) {
      await response.body?.cancel()
      throw new ContentUnavailable(url, `HTTP status ${response.status}`, response.status)
    }
    const announced = Number(response.headers.get('content-length') ?? 0)
    if (announced > maxBytes) {
      await response.body?.cancel()
      throw new ContentTooLarge(url, maxBytes)
    }
    return await readBody(response, url, maxBytes)
  } catch (error) {
    if (error instanceof ContentUnavailable || error instanceof ContentTooLarge) throw error
    const reason = timeout.aborted
      ? `no answer within ${timeoutMs} ms`
      : error instanceof Error
        ? error.message
        : String(error)
    throw new ContentUnavailable(url, reason)
  }
}
