import { DriverError, EngineRefused, EngineUnreachable } from '../driverErrors.ts'
import { describeEngineFailure } from './describeEngineFailure.ts'

/** Most calls answer in milliseconds; a busy disk can make creating or removing slow. */
export const CALL_TIMEOUT_MS = 20_000

/**
 * One call to the engine with an end: rejects with EngineRefused when the engine answered with an error,
 * and with EngineUnreachable when it did not answer within timeoutMs or cannot be reached.
 */
export async function engineCall<T>(
  what: string,
  call: (signal: AbortSignal) => Promise<T>,
  timeoutMs = CALL_TIMEOUT_MS,
): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs)
  const expired = Promise.withResolvers<never>()
  const onAbort = () => expired.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([call(signal), expired.promise])
  } catch (error) {
    throw toDriverError(what, error, timeoutMs)
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** The HTTP status with which the engine refused, if that is what the error says. */
export function refusalOf(error: unknown): number | undefined {
  return error instanceof EngineRefused ? error.statusCode : undefined
}

function toDriverError(what: string, error: unknown, timeoutMs: number): DriverError {
  if (error instanceof DriverError) return error
  const reply = error as { statusCode?: unknown; json?: { message?: unknown }; message?: unknown }
  if (typeof reply.statusCode === 'number') {
    return new EngineRefused(what, reply.statusCode, String(reply.json?.message ?? reply.message).trim())
  }
  const { reason, suggestion } = describeEngineFailure(error, timeoutMs)
  return new EngineUnreachable(`Could not ${what}: ${reason}`, suggestion)
}
